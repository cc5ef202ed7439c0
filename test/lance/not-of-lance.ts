/** Types of no logical type of Lance. */
export const NOT_OF_LANCE = ['interval', 'decimal32', 'decimal64', 'list_view', 'large_list_view', 'run_end_encoded'];
