use super::{Operand, Operator, Query, Test};

fn sentence(query: &str) -> String {
    Query::parse(query, 10).expect_err("no such query").to_string()
}

#[test]
fn a_query_is_read() {
    let text = r#"{"columns":["count","id"],"filter":{"and":[{"column":"id","op":"=","value":7},{"column":"day","op":"isNull"}]},"prefix":"g07/","limit":3}"#;
    let query = Query::parse(text, 10).expect("a query");
    assert_eq!(query.columns, [9, 0]);
    assert_eq!(query.conditions.len(), 2);
    assert_eq!(query.conditions[0].test, Test::Compare(Operator::Equal, Operand::Integer(7)));
    assert_eq!((query.unique_id(), query.prefix.as_str(), query.limit), (Some(7), "g07/", Some(3)));
    assert_eq!(Query::parse("{}", 20).expect("a query").columns, (0..20).collect::<Vec<_>>());
}

#[test]
fn what_there_is_not_is_named() {
    let cases = [
        (r#"{"columns":["colour"]}"#, "columns names the column \"colour\"; expected one of id, group, name"),
        (r#"{"columns":["code"]}"#, "columns names the column \"code\"; expected one of id, group"),
        (r#"{"columns":[]}"#, "columns is []; expected at least one column"),
        (r#"{"columns":["id","id"]}"#, "columns names \"id\" twice; expected every column once"),
        (r#"{"limit":0}"#, "limit is 0; expected a whole number of at least 1"),
        (r#"{"limit":-3}"#, "limit is -3; expected a whole number of at least 1"),
        (r#"{"limit":1.5}"#, "limit is 1.5; expected a whole number of at least 1"),
        (r#"{"prefix":7}"#, "prefix is 7; expected text that keys begin with"),
        (r#"{"order":1}"#, "the query has a member \"order\"; expected only columns, filter, prefix, limit"),
        (r#"[]"#, "the query is []; expected an object"),
        (r#"{"#, "the query is not JSON"),
        (
            r#"{"filter":{"column":"quantity","op":"=","value":"x"}}"#,
            "the value of a filter on the column quantity is \"x\"; expected a whole number",
        ),
        (
            r#"{"filter":{"column":"name","op":"<","value":1}}"#,
            "the value of a filter on the column name is 1; expected text",
        ),
        (
            r#"{"filter":{"column":"active","op":"<","value":true}}"#,
            "the op of a filter is \"<\"; expected = or != for the column active",
        ),
        (r#"{"filter":{"column":"id","op":"like","value":1}}"#, "the op of a filter is \"like\"; expected =, !="),
        (r#"{"filter":{"column":"id","op":"isNull","value":1}}"#, "the value of a filter is 1; expected none"),
        (r#"{"filter":{"and":[]}}"#, "filter is {\"and\":[]}; expected {\"and\": [condition"),
    ];
    for (query, start) in cases {
        let said = sentence(query);
        assert!(said.starts_with(start), "{query}: {said}");
    }
}
