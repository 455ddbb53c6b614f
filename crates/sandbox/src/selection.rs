use serde_json::Value;

use crate::object::Wanted;

/// The `fields` parameter: names, some with the fields wanted inside them.
///
/// `["id","invoice_number",{"invoice_lines":["id","line_num"]},{"custom_fields":{}}]`: underscores and hyphens mean the
/// same, an empty object or list takes the whole of what it names (Compass, *Return Formats*).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection(Vec<(String, Option<Selection>)>);

impl Selection {
    /// Reads the parameter; the error is a sentence about what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("fields is not a JSON array: {error}"))?;
        let Value::Array(items) = value else {
            return Err("fields is not a JSON array.".to_owned());
        };
        Self::of_items(&items)
    }

    /// Only the value at one path, such as `["supplier", "name"]`.
    pub(crate) fn path(path: &[String]) -> Self {
        match path.split_first() {
            None => Self::default(),
            Some((name, [])) => Self(vec![(name.clone(), None)]),
            Some((name, rest)) => Self(vec![(name.clone(), Some(Self::path(rest)))]),
        }
    }

    pub(crate) fn only(name: &str) -> Self {
        Self(vec![(name.to_owned(), None)])
    }

    fn of_items(items: &[Value]) -> Result<Self, String> {
        let mut selection = Self::default();
        for item in items {
            match item {
                Value::String(name) => selection.add(hyphenated(name), None),
                Value::Object(members) => {
                    for (name, inner) in members {
                        selection.add(hyphenated(name), Self::of_inner(name, inner)?);
                    }
                }
                other => {
                    return Err(format!(
                        "fields holds {other}, which is neither a name nor an object."
                    ));
                }
            }
        }
        Ok(selection)
    }

    /// A name that comes twice asks for everything both ask for.
    fn add(&mut self, name: String, inner: Option<Self>) {
        let Some((_, held)) = self.0.iter_mut().find(|(field, _)| *field == name) else {
            self.0.push((name, inner));
            return;
        };
        match (held.as_mut(), inner) {
            (Some(held), Some(inner)) => {
                for (name, inner) in inner.0 {
                    held.add(name, inner);
                }
            }
            _ => *held = None,
        }
    }

    fn of_inner(name: &str, inner: &Value) -> Result<Option<Self>, String> {
        match inner {
            Value::Array(items) if items.is_empty() => Ok(None),
            Value::Array(items) => Self::of_items(items).map(Some),
            Value::Object(members) if members.is_empty() => Ok(None),
            Value::Object(_) => Self::of_items(std::slice::from_ref(inner)).map(Some),
            _ => Err(format!(
                "fields: what is wanted of {name} is neither an array nor an object."
            )),
        }
    }

    pub(crate) fn within(&self, name: &str) -> Option<Wanted<'_>> {
        self.0
            .iter()
            .find(|(field, _)| same(field, name))
            .map(|(_, inner)| match inner {
                None => Wanted::All,
                Some(selection) => Wanted::Only(selection),
            })
    }
}

/// A few names in answers keep an underscore (`customer_account_number`).
fn same(hyphenated: &str, name: &str) -> bool {
    hyphenated.len() == name.len()
        && hyphenated
            .bytes()
            .zip(name.bytes())
            .all(|(ours, theirs)| ours == theirs || (ours == b'-' && theirs == b'_'))
}

/// Names are kebab-case in answers and may be written with underscores in requests.
pub(crate) fn hyphenated(name: &str) -> String {
    name.replace('_', "-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn nested_fields_in_either_spelling() {
        let selection =
            Selection::parse(r#"["id","invoice_number",{"invoice-lines":["id",{"account":["code"]}]},{"custom_fields":{}}]"#)
                .unwrap();
        assert!(matches!(
            selection.within("invoice-number"),
            Some(Wanted::All)
        ));
        assert!(matches!(
            selection.within("custom-fields"),
            Some(Wanted::All)
        ));
        assert!(selection.within("status").is_none());
        let Some(Wanted::Only(lines)) = selection.within("invoice-lines") else {
            panic!("a selection")
        };
        assert!(lines.within("account").is_some());
        assert!(lines.within("total").is_none());
    }

    #[test]
    fn a_name_that_comes_twice_asks_for_both() {
        let twice = Selection::parse(
            r#"[{"supplier":["id"]},{"supplier":["name"]},{"currency":["id"]},"currency"]"#,
        );
        let once = Selection::parse(r#"[{"supplier":["id","name"]},"currency"]"#);
        assert_eq!(twice.unwrap(), once.unwrap());
    }

    #[test]
    fn what_is_not_a_selection_is_refused() {
        for wrong in ["id", "{}", "[1]", r#"[{"a":1}]"#] {
            assert!(Selection::parse(wrong).is_err(), "{wrong}");
        }
    }
}
