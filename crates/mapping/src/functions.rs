use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use indexmap::IndexMap;
use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use crate::decimal::{Decimal, Rounding};
use crate::scalar::shown;
use crate::tables::{Misses, Tables};

/// The functions Crosswalk adds to JSONata.
pub const ADDED: [&str; 6] = [
    "decimal_sum",
    "decimal_add",
    "decimal_mul",
    "decimal_round",
    "table",
    "unknown_fields",
];

/// What the added functions look at besides their arguments.
#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) tables: RefCell<Rc<Tables>>,
    pub(crate) misses: RefCell<Misses>,
    /// The keys at a record's root that the provider documents; `None` where nobody said.
    pub(crate) known: RefCell<Option<BTreeSet<String>>>,
    /// The record at hand.
    pub(crate) record: RefCell<Option<JValue>>,
}

type Answer = Result<JValue, EvaluatorError>;

/// Makes the added functions callable from expressions that `evaluator` runs.
pub(crate) fn register(evaluator: &mut Evaluator, host: &Rc<Host>) -> Result<(), EvaluatorError> {
    evaluator.register_fn("decimal_sum", |args: &[JValue]| decimal_sum(args))?;
    evaluator.register_fn("decimal_add", |args: &[JValue]| {
        decimal_pair("decimal_add", args, Decimal::add)
    })?;
    evaluator.register_fn("decimal_mul", |args: &[JValue]| {
        decimal_pair("decimal_mul", args, Decimal::mul)
    })?;
    evaluator.register_fn("decimal_round", |args: &[JValue]| decimal_round(args))?;
    let of_tables = Rc::clone(host);
    evaluator.register_fn("table", move |args: &[JValue]| table(&of_tables, args))?;
    let of_record = Rc::clone(host);
    evaluator.register_fn("unknown_fields", move |_: &[JValue]| {
        Ok(unknown_fields(&of_record))
    })
}

/// `$unknown_fields()`: what stands at the record's root under keys the provider does not document, as an object;
/// undefined if there is nothing of the kind, or if nobody said what is documented.
fn unknown_fields(host: &Host) -> JValue {
    let (record, known) = (host.record.borrow(), host.known.borrow());
    let (Some(JValue::Object(members)), Some(known)) = (record.as_ref(), known.as_ref()) else {
        return JValue::Undefined;
    };
    let unknown: IndexMap<_, _> = members
        .iter()
        .filter(|(key, _)| !known.contains(key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if unknown.is_empty() {
        JValue::Undefined
    } else {
        JValue::object(unknown)
    }
}

fn failed(message: String) -> EvaluatorError {
    EvaluatorError::EvaluationError(message)
}

fn argument<'a>(
    name: &str,
    args: &'a [JValue],
    index: usize,
) -> Result<&'a JValue, EvaluatorError> {
    args.get(index)
        .ok_or_else(|| failed(format!("T0410: ${name} needs {} arguments", index + 1)))
}

fn decimal(name: &str, value: &JValue) -> Result<Decimal, EvaluatorError> {
    let text = match value {
        JValue::String(text) => text.to_string(),
        JValue::Number(number) if number.is_finite() => value.to_string(),
        _ => String::new(),
    };
    Decimal::parse(&text).ok_or_else(|| {
        failed(format!(
            "D3030: ${name} needs decimals such as \"12.50\", not {}",
            shown(value)
        ))
    })
}

fn decimal_sum(args: &[JValue]) -> Answer {
    let sum = match argument("decimal_sum", args, 0)? {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items.iter().try_fold(Decimal::zero(), |sum, item| {
            decimal("decimal_sum", item).map(|amount| sum.add(&amount))
        })?,
        single => decimal("decimal_sum", single)?,
    };
    Ok(JValue::string(sum.to_string()))
}

fn decimal_pair(
    name: &str,
    args: &[JValue],
    operation: fn(&Decimal, &Decimal) -> Decimal,
) -> Answer {
    let left = argument(name, args, 0)?;
    let right = argument(name, args, 1)?;
    if left.is_undefined() || right.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let result = operation(&decimal(name, left)?, &decimal(name, right)?);
    Ok(JValue::string(result.to_string()))
}

fn decimal_round(args: &[JValue]) -> Answer {
    const NAME: &str = "decimal_round";
    let value = argument(NAME, args, 0)?;
    let scale = argument(NAME, args, 1)?;
    if value.is_undefined() || scale.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let rounding = match args.get(2).and_then(JValue::as_str) {
        None if args.get(2).is_none_or(JValue::is_undefined) => Rounding::HalfUp,
        Some("half_up") => Rounding::HalfUp,
        Some("half_even") => Rounding::HalfEven,
        _ => {
            return Err(failed(format!(
                "${NAME} rounds \"half_up\" or \"half_even\", not {}",
                args.get(2).map(shown).unwrap_or_default()
            )));
        }
    };
    scale
        .as_i64()
        .and_then(|scale| {
            decimal(NAME, value)
                .map(|d| d.round(scale, rounding))
                .transpose()
        })
        .unwrap_or_else(|| {
            Err(failed(format!(
                "${NAME} needs a number of decimals from 0 to 100, not {}",
                shown(scale)
            )))
        })
        .map(|rounded| JValue::string(rounded.to_string()))
}

/// `$table(name, key)`: what the account's table says of a key. A key that is not in it, or a table nobody filled
/// yet, is undefined and counted, so that it can be listed as met and not mapped.
fn table(host: &Host, args: &[JValue]) -> Answer {
    let name = argument("table", args, 0)?;
    let key = argument("table", args, 1)?;
    let Some(name) = name.as_str() else {
        return Err(failed(format!(
            "T0410: $table needs a table's name, not {}",
            shown(name)
        )));
    };
    let key = match key {
        JValue::Undefined | JValue::Null => return Ok(JValue::Undefined),
        JValue::String(text) => text.to_string(),
        JValue::Number(_) | JValue::Bool(_) => key.to_string(),
        other => {
            return Err(failed(format!(
                "T0410: $table needs a string as key, not {}",
                shown(other)
            )));
        }
    };
    let tables = host.tables.borrow();
    if let Some(value) = tables.get(name).and_then(|entries| entries.get(&key)) {
        return Ok(JValue::string(value.as_str()));
    }
    *host
        .misses
        .borrow_mut()
        .entry(name.to_owned())
        .or_default()
        .entry(key)
        .or_insert(0) += 1;
    Ok(JValue::Undefined)
}
