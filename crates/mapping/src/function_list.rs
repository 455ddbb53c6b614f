use serde::Serialize;

/// A function an expression can call, as an editor offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Function {
    /// Its name without `$`.
    pub name: &'static str,
    /// How it is called: `(str, start, length?)`.
    pub signature: &'static str,
    /// What it gives.
    pub help: &'static str,
}

const fn function(name: &'static str, signature: &'static str, help: &'static str) -> Function {
    Function {
        name,
        signature,
        help,
    }
}

/// Every function, Crosswalk's own first.
pub const FUNCTIONS: &[Function] = &[
    function(
        "decimal_sum",
        "(list)",
        "The exact sum of decimals; keeps the largest scale",
    ),
    function("decimal_add", "(a, b)", "The exact sum of two decimals"),
    function("decimal_mul", "(a, b)", "The exact product of two decimals"),
    function(
        "decimal_round",
        "(a, decimals, mode?)",
        "Rounded; mode is \"half_up\" or \"half_even\"",
    ),
    function(
        "table",
        "(name, key)",
        "What the account's table says of a key; nothing if it is not there",
    ),
    function(
        "unknown_fields",
        "()",
        "The root fields the provider does not document, as an object",
    ),
    function("string", "(value, pretty?)", "The value as a text"),
    function("length", "(str)", "How many characters"),
    function(
        "substring",
        "(str, start, length?)",
        "A part of a text; start counts from 0, or from the end if negative",
    ),
    function(
        "substringBefore",
        "(str, chars)",
        "What stands before chars",
    ),
    function("substringAfter", "(str, chars)", "What stands after chars"),
    function("uppercase", "(str)", "In capitals"),
    function("lowercase", "(str)", "In small letters"),
    function(
        "trim",
        "(str)",
        "Without white space around, and with single spaces within",
    ),
    function(
        "pad",
        "(str, width, char?)",
        "Filled up to width; on the left if width is negative",
    ),
    function(
        "contains",
        "(str, pattern)",
        "Whether a text or a pattern is in it",
    ),
    function(
        "split",
        "(str, separator, limit?)",
        "The parts between separators",
    ),
    function("join", "(list, separator?)", "Texts as one"),
    function(
        "match",
        "(str, pattern, limit?)",
        "What a pattern matches: match, index, groups",
    ),
    function(
        "replace",
        "(str, pattern, replacement, limit?)",
        "With matches replaced",
    ),
    function(
        "eval",
        "(expr, context?)",
        "The value of an expression in a text; reads the whole record",
    ),
    function("base64encode", "(str)", "As base 64"),
    function("base64decode", "(str)", "From base 64"),
    function(
        "encodeUrlComponent",
        "(str)",
        "Percent-encoded, for a part of an address",
    ),
    function("encodeUrl", "(str)", "Percent-encoded, for a whole address"),
    function(
        "decodeUrlComponent",
        "(str)",
        "From percent-encoding, a part of an address",
    ),
    function(
        "decodeUrl",
        "(str)",
        "From percent-encoding, a whole address",
    ),
    function(
        "number",
        "(value)",
        "The value as a number; loses digits a double cannot hold",
    ),
    function("abs", "(number)", "Without its sign"),
    function("floor", "(number)", "Rounded down"),
    function("ceil", "(number)", "Rounded up"),
    function(
        "round",
        "(number, precision?)",
        "Rounded, halves to the even neighbour",
    ),
    function("power", "(base, exponent)", "To the power of"),
    function("sqrt", "(number)", "The square root"),
    function("random", "()", "Another number every time"),
    function(
        "formatNumber",
        "(number, picture, options?)",
        "As a text in the form of a picture",
    ),
    function(
        "formatBase",
        "(number, radix?)",
        "As a text in another base",
    ),
    function(
        "formatInteger",
        "(number, picture)",
        "A whole number in the form of a picture",
    ),
    function(
        "parseInteger",
        "(str, picture)",
        "A whole number from a text in the form of a picture",
    ),
    function(
        "sum",
        "(list)",
        "The sum in binary fractions; use $decimal_sum for money",
    ),
    function("max", "(list)", "The largest number"),
    function("min", "(list)", "The smallest number"),
    function("average", "(list)", "The mean in binary fractions"),
    function("boolean", "(value)", "Whether there is anything in it"),
    function("not", "(value)", "The opposite"),
    function("exists", "(value)", "Whether it is there at all"),
    function("count", "(list)", "How many"),
    function("append", "(list1, list2)", "Both lists as one"),
    function("sort", "(list, function?)", "In order"),
    function("reverse", "(list)", "In the opposite order"),
    function("shuffle", "(list)", "In another order every time"),
    function("distinct", "(list)", "Each value once"),
    function(
        "zip",
        "(list1, list2…)",
        "The first of each, the second of each…",
    ),
    function("keys", "(object)", "The names of its members"),
    function("lookup", "(object, key)", "The member of that name"),
    function(
        "spread",
        "(object)",
        "Its members, each an object of its own",
    ),
    function("merge", "(list)", "Objects as one"),
    function(
        "each",
        "(object, function)",
        "What the function gives for each member (value, key)",
    ),
    function(
        "sift",
        "(object, function)",
        "The members the function accepts",
    ),
    function("error", "(message)", "Ends with an error"),
    function(
        "assert",
        "(condition, message?)",
        "Ends with an error unless the condition holds",
    ),
    function("type", "(value)", "The name of its type"),
    function(
        "map",
        "(list, function)",
        "What the function gives for each",
    ),
    function("filter", "(list, function)", "Those the function accepts"),
    function(
        "single",
        "(list, function)",
        "The only one the function accepts",
    ),
    function(
        "reduce",
        "(list, function, init?)",
        "All of them folded into one",
    ),
    function(
        "now",
        "(picture?, timezone?)",
        "The time of the evaluation; another one every time",
    ),
    function("millis", "()", "The time of the evaluation in milliseconds"),
    function(
        "fromMillis",
        "(number, picture?, timezone?)",
        "A time from milliseconds since 1970",
    ),
    function(
        "toMillis",
        "(timestamp, picture?)",
        "A time as milliseconds since 1970",
    ),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::engine::Engine;
    use crate::functions::ADDED;

    #[test]
    fn every_function_is_one_the_engine_has() {
        let mut engine = crate::jsonata::Jsonata::new().unwrap();
        for function in FUNCTIONS {
            let expression = format!("$type(${})", function.name);
            let compiled = engine.compile(&expression).unwrap();
            let record = engine.read(b"{}").unwrap();
            let value = engine.evaluate(&compiled, &record).unwrap();
            assert!(value.is_some(), "{}", function.name);
        }
        for name in ADDED {
            assert!(
                FUNCTIONS.iter().any(|function| function.name == name),
                "{name}"
            );
        }
    }
}
