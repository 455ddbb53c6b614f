//! A list: conditions, order, offset and limit, selection.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::condition::Condition;
use super::manners::Manners;
use super::request::Request;
use super::selection::select;

fn wrong(message: &str) -> Answer {
    answer::json(400, &json!({ "errors": { "query": [message] } }))
}

fn number(record: &Value) -> i64 {
    record["id"].as_i64().unwrap_or_default()
}

fn order(records: &mut [&Value], request: &Request) {
    let Some(by) = request.param("order_by") else {
        return;
    };
    let by = by.replace('_', "-");
    if by == "id" {
        records.sort_by_key(|record| number(record));
    } else {
        records.sort_by_key(|record| record[&by].to_string());
    }
    if request.param("dir") == Some("desc") {
        records.reverse();
    }
}

/// What an instance shows of a record.
pub fn shown(record: &Value, manners: &Manners, request: &Request) -> Result<Value, Answer> {
    let mut shown = match request.param("fields").filter(|_| manners.selects) {
        None => record.clone(),
        Some(fields) => match serde_json::from_str::<Value>(fields) {
            Ok(Value::Array(wanted)) => select(record, &wanted),
            _ => return Err(wrong("fields is not a JSON array")),
        },
    };
    if manners.text_ids
        && let Some(id) = shown.get_mut("id")
    {
        *id = Value::from(id.to_string());
    }
    Ok(shown)
}

/// The answer to a list.
pub fn answer(records: &[Value], manners: &Manners, request: &Request) -> Answer {
    let conditions: Vec<Condition> = request
        .query
        .iter()
        .filter(|_| manners.filters)
        .filter_map(|(name, value)| Condition::read(name, value))
        .collect();
    let mut found: Vec<&Value> = Vec::new();
    for record in records {
        match conditions
            .iter()
            .try_fold(true, |all, one| Ok(all && one.holds(record)?))
        {
            Ok(true) => found.push(record),
            Ok(false) => {}
            Err::<_, String>(message) => return wrong(&message),
        }
    }
    if manners.orders {
        order(&mut found, request);
    }
    let count =
        |name: &str, default: usize| request.param(name).map_or(Ok(default), str::parse::<usize>);
    let (Ok(offset), Ok(limit)) = (count("offset", 0), count("limit", 50)) else {
        return wrong("offset and limit are numbers");
    };
    let page = found
        .into_iter()
        .skip(offset)
        .take(limit.min(manners.page_cap));
    let page: Result<Vec<Value>, Answer> =
        page.map(|record| shown(record, manners, request)).collect();
    let page = match page {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    let asked_json = request.header("accept").contains("json");
    if page.is_empty() && (manners.nothing_is_404 || !asked_json) {
        let nothing = "<errors><error>No results match your search criteria.</error></errors>";
        return answer::xml(404, nothing);
    }
    if manners.always_xml || !asked_json {
        let ids: String = page
            .iter()
            .map(|record| format!("<id>{}</id>", record["id"]))
            .collect();
        return answer::xml(200, &format!("<records type=\"array\">{ids}</records>"));
    }
    answer::json(200, &Value::Array(page))
}
