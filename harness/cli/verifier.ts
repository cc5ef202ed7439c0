export { verifyTarget } from '../verify/verify.js';
