#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn reads(expression: &str) -> Vec<String> {
    let lineage = Lineage::of(expression).unwrap();
    if lineage.is_whole_record() {
        return vec!["*".to_owned()];
    }
    lineage
        .raw_paths()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn paths_are_followed() {
    for (expression, paths) in [
        ("`invoice-number`", &["invoice-number"][..]),
        ("supplier.name", &["supplier.name"]),
        ("1 + 2", &[]),
        ("a.b & c", &["a.b", "c"]),
        ("lines[0].amount", &["lines.amount"]),
        (
            "lines[kind = 'tax'].amount",
            &["lines.amount", "lines.kind"],
        ),
        ("$$.a.b", &["a.b"]),
        ("$.a.b", &["a.b"]),
        ("a ? b : c", &["a", "b", "c"]),
        ("a.b ?? c", &["a.b", "c"]),
        ("`a.b`.c", &["`a.b`.c"]),
        ("\"a\".\"b\"", &["a.b"]),
        ("a and b.c = 3 or $not(d)", &["a", "b.c", "d"]),
    ] {
        assert_eq!(reads(expression), paths, "{expression}");
    }
}

#[test]
fn variables_functions_and_lambdas_are_resolved() {
    for (expression, paths) in [
        ("($l := lines; $l.price)", &["lines.price"][..]),
        (
            "($l := lines; $x := $l.tax; $x.code & $l.price)",
            &["lines.price", "lines.tax.code"],
        ),
        ("(c ? $x := a : $x := b; $x)", &["a", "b", "c"]),
        ("($x := a; (c ? $x := b; $x))", &["a", "b", "c"]),
        ("$map(lines, function($l){ $l.price })", &["lines.price"]),
        ("$map(lines, function($l, $i){ $i })", &["lines"]),
        (
            "$filter(lines, function($l){ $l.kind = 'a' }).price",
            &["lines.kind", "lines.price"],
        ),
        (
            "$reduce(lines.price, function($a, $b){ $a + $b }, 0)",
            &["lines.price"],
        ),
        (
            "($f := function($o){ $o.name }; $f(supplier) & $f(buyer))",
            &["buyer.name", "supplier.name"],
        ),
        ("($f := function(){ total }; $f())", &["total"]),
        ("name.$uppercase()", &["name"]),
        ("$uppercase(name)", &["name"]),
        ("name ~> $uppercase()", &["name"]),
        ("name ~> $uppercase ~> $trim", &["name"]),
        ("($up := $trim ~> $uppercase; $up(name))", &["name"]),
        ("($first := $substring(?, 0, 5); $first(name))", &["name"]),
        ("$lookup(supplier, 'name')", &["supplier.name"]),
        ("$lookup(supplier, key)", &["key", "supplier"]),
        (
            "$sum(lines.(price * quantity))",
            &["lines.price", "lines.quantity"],
        ),
        ("$substring(name, 0, 3)", &["name"]),
        ("$substring(name, 2)", &["name"]),
        ("$map(codes, $uppercase)", &["codes"]),
        (
            "$replace(name, /x/, function($m){ $m.match & suffix })",
            &["name", "suffix"],
        ),
        (
            "$merge([supplier, {\"x\": a}]).name",
            &["a", "supplier.name"],
        ),
        (
            "$table('terms', `payment-term`.code)",
            &["payment-term.code"],
        ),
    ] {
        assert_eq!(reads(expression), paths, "{expression}");
    }
}

#[test]
fn constructors_groups_sorts_and_binds_are_resolved() {
    for (expression, paths) in [
        (
            "lines.{\"code\": account.code, \"n\": `line-num`}",
            &["lines.account.code", "lines.line-num"][..],
        ),
        ("lines.{\"one\": 1}", &["lines"]),
        ("lines.[code, price]", &["lines.code", "lines.price"]),
        ("lines{kind: $sum(price)}", &["lines.kind", "lines.price"]),
        ("lines^(>price).code", &["lines.code", "lines.price"]),
        (
            "$sort(lines, function($a, $b){ $a.n > $b.n }).code",
            &["lines.code", "lines.n"],
        ),
        (
            "lines.taxes.{\"line\": %.number, \"tax\": code}",
            &["lines.number", "lines.taxes.code"],
        ),
        (
            "orders@$o.lines@$l[$l.order = $o.id].code",
            &[
                "code",
                "lines.code",
                "lines.order",
                "orders.code",
                "orders.id",
                "orders.lines.code",
                "orders.lines.order",
            ],
        ),
        ("lines#$i.{\"i\": $i, \"c\": code}", &["lines.code"]),
        ("({\"a\": b.c}).a.d", &["b.c"]),
        (
            "(supplier ~> |$|{\"name\": alias}|).name",
            &["supplier.alias", "supplier.name"],
        ),
    ] {
        assert_eq!(reads(expression), paths, "{expression}");
    }
}

#[test]
fn what_cannot_be_told_is_the_whole_value_or_record() {
    for (expression, paths) in [
        ("$", &["*"][..]),
        ("*", &["*"]),
        ("**.code", &["*"]),
        ("$keys($)", &["*"]),
        ("$eval(code)", &["*"]),
        ("supplier.*", &["supplier"]),
        ("supplier.**.code", &["supplier"]),
        ("$keys(supplier)", &["supplier"]),
        ("$each(supplier, function($v, $k){ $k })", &["supplier"]),
        ("supplier.$string()", &["supplier"]),
        ("$string()", &["*"]),
        (
            "($f := function($n){ $n.next ? $f($n.next) : $n.id }; $f(node))",
            &["*"],
        ),
        ("$count(lines)", &["lines"]),
    ] {
        assert_eq!(reads(expression), paths, "{expression}");
    }
}

#[test]
fn what_a_signature_gives_to_a_parameter_is_not_told_by_the_order_of_arguments() {
    for (expression, paths) in [
        // Marked with `-`, it may be given what the function is called on.
        ("function($r)<o-:s>{ $r.name }()", &["*"][..]),
        ("($f := function($r)<o-:s>{ $r.name }; $f())", &["*"]),
        ("supplier.(function($r)<o-:s>{ $r.name }())", &["*"]),
        (
            "($f := function($a, $b)<s?o:s>{ $b.name }; $f(supplier))",
            &["supplier"],
        ),
        ("function($n)<n:n>{ 1 }(total)", &["total"]),
        ("$map(lines, function($l)<o:n>{ $l.price })", &["lines"]),
        ("function($l){ $l.price }(lines)", &["lines.price"]),
    ] {
        assert_eq!(reads(expression), paths, "{expression}");
    }
}

#[test]
fn a_path_touches_what_is_below_it_and_on_the_way_to_it() {
    let lineage = Lineage::of("lines.account.code").unwrap();
    assert!(lineage.touches(&["lines"]));
    assert!(lineage.touches(&["lines", "account"]));
    assert!(lineage.touches(&["lines", "account", "code", "x"]));
    assert!(!lineage.touches(&["lines", "amount"]));
    assert!(!lineage.touches(&["total"]));
}

#[test]
fn paths_are_spelled_as_the_record_lies() {
    let record = serde_json::json!({"invoice-lines": [{"account": {"code": 1}}], "a.b": [[{"c": 1}]], "s": {"n": 1}});
    let spell = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        spelled(&keys, &record)
    };
    assert_eq!(
        spell(&["invoice-lines", "account", "code"]),
        "invoice-lines[].account.code"
    );
    assert_eq!(spell(&["a.b", "c"]), "`a.b`[][].c");
    assert_eq!(spell(&["s", "n"]), "s.n");
    assert_eq!(spell(&["gone", "x"]), "gone.x");
}

#[test]
fn expressions_as_deep_as_the_parser_allows_are_followed_on_a_small_stack() {
    let deep = [
        format!("{}a{}", "(".repeat(450), ")".repeat(450)),
        format!("a{}", " + a".repeat(450)),
        format!("a{}", " ?? a".repeat(450)),
        format!("a{}", " and a ?? a".repeat(200)),
        format!("{}a{}", "[".repeat(450), "]".repeat(450)),
        format!("{}a{}", "$string(".repeat(450), ")".repeat(450)),
        format!("{}a{}", "{\"k\": ".repeat(450), "}".repeat(450)),
        format!("{}a{}", "(function($x){ ".repeat(150), " })(1)".repeat(150)),
    ];
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let checked = small
        .spawn(move || {
            for expression in deep {
                let lineage = Lineage::of(&expression);
                let shown = format!("{expression:.60}: {lineage:?}");
                assert!(
                    lineage.is_ok_and(|lineage| lineage.touches(&["a"])),
                    "{shown}"
                );
            }
        })
        .unwrap();
    checked.join().unwrap();
}

#[test]
fn what_a_selection_leaves_out_is_named() {
    let mut selection = Selection::empty();
    for keys in [
        &["lines", "amount"][..],
        &["lines", "kind"],
        &["supplier", "name"],
    ] {
        selection.add(keys);
    }
    for (expression, missing) in [
        ("$sum(lines[kind = 'x'].amount) & supplier.name", None),
        ("supplier", Some("supplier")),
        ("lines.tax", Some("lines.tax")),
        ("$keys($)", Some("the whole record")),
        ("1 + 1", None),
    ] {
        let lineage = Lineage::of(expression).unwrap();
        assert_eq!(
            lineage.missing_from(&selection).as_deref(),
            missing,
            "{expression}"
        );
        assert_eq!(lineage.missing_from(&Selection::Whole), None);
    }
}
