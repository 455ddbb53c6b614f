use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

/// Deep enough for any record, shallow enough for the stack.
const DEEPEST: usize = 200;

/// Turns an XML body into JSON text.
///
/// The root's name is dropped. An element becomes a key; several of one name become a list; so does an element marked `type="array"`, whose
/// children's names are dropped, and a root all of whose children have one name and children of their own. Text stays text, without the white
/// space around it; `nil="true"` becomes null; attributes other than `type` and `nil` become keys that begin with `@`, and text beside
/// children or attributes the key `#text`. An empty element is null.
///
/// # Errors
///
/// What is wrong with the XML.
pub(crate) fn to_json(body: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(format!("elements are nested deeper than {DEEPEST}"));
                }
                open.push(Element::new(&start)?);
            }
            Event::Empty(start) => {
                let element = Element::new(&start)?;
                if let Some(done) = close(&mut open, element) {
                    return Ok(done);
                }
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content()),
            Event::CData(data) => add_text(&mut open, &data.xml10_content()),
            Event::GeneralRef(reference) => {
                let meant = quick_xml::escape::unescape(&format!("&{};", &*reference))
                    .map_err(|error| error.to_string())?
                    .into_owned();
                add_text(&mut open, &meant);
            }
            Event::End(_) => {
                if let Some(element) = open.pop()
                    && let Some(done) = close(&mut open, element)
                {
                    return Ok(done);
                }
            }
            Event::Eof => return Err("the document ends before its root does".to_owned()),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Hands a finished element to its parent, or returns the document when it was the root.
fn close(open: &mut [Element], element: Element) -> Option<Vec<u8>> {
    match open.last_mut() {
        Some(parent) => {
            let (name, branches) = (element.name.clone(), !element.children.is_empty());
            parent
                .children
                .push((name, element.into_value(false), branches));
            None
        }
        None => Some(element.into_value(true).to_string().into_bytes()),
    }
}

struct Element {
    name: String,
    array: bool,
    nil: bool,
    attributes: Map<String, Value>,
    text: String,
    /// Name, value, and whether it has children of its own.
    children: Vec<(String, Value, bool)>,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Result<Self, String> {
        let name = start.name().as_ref().to_owned();
        let mut element = Self {
            name,
            array: false,
            nil: false,
            attributes: Map::new(),
            text: String::new(),
            children: Vec::new(),
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let key = attribute.key.as_ref().to_owned();
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|error| error.to_string())?
                .into_owned();
            match (key.as_str(), value.as_str()) {
                ("type", kind) => element.array = kind == "array",
                ("nil", nil) => element.nil = nil == "true",
                _ => {
                    element
                        .attributes
                        .insert(format!("@{key}"), Value::String(value));
                }
            }
        }
        Ok(element)
    }

    fn into_value(self, root: bool) -> Value {
        let text = self.text.trim();
        let one_name = self.children.windows(2).all(|pair| pair[0].0 == pair[1].0);
        let list_of_records = root
            && !self.children.is_empty()
            && one_name
            && self.children.iter().all(|(_, _, branches)| *branches);
        if self.array || list_of_records {
            return Value::Array(
                self.children
                    .into_iter()
                    .map(|(_, value, _)| value)
                    .collect(),
            );
        }
        if self.nil {
            return Value::Null;
        }
        if self.children.is_empty() && self.attributes.is_empty() {
            return if text.is_empty() {
                Value::Null
            } else {
                Value::String(text.to_owned())
            };
        }
        let mut members = self.attributes;
        if !text.is_empty() {
            members.insert("#text".to_owned(), Value::String(text.to_owned()));
        }
        let mut counts = std::collections::HashMap::new();
        for (name, _, _) in &self.children {
            *counts.entry(name.clone()).or_insert(0_usize) += 1;
        }
        for (name, value, _) in self.children {
            if counts.get(&name).is_some_and(|count| *count > 1) {
                let list = members
                    .entry(name)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(items) = list {
                    items.push(value);
                }
            } else {
                members.insert(name, value);
            }
        }
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;
    use serde_json::json;

    fn converted(xml: &str) -> Value {
        serde_json::from_slice(&to_json(xml.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn elements_become_keys() {
        let xml = r#"<?xml version="1.0"?><orders type="array">
            <order><id type="integer">7</id><total type="decimal">1.50</total><note nil="true"/><empty></empty>
              <who>O&apos;Brien &amp; Co &#xe9;</who>
              <line>a</line><line>b</line><tags type="array"><tag>x</tag></tags><none type="array"/>
              <price currency="EUR">9.00</price></order></orders>"#;
        assert_eq!(
            converted(xml),
            json!([{"id": "7", "total": "1.50", "note": null, "empty": null, "who": "O'Brien & Co é",
                "line": ["a", "b"], "tags": ["x"], "none": [], "price": {"@currency": "EUR", "#text": "9.00"}}])
        );
    }

    #[test]
    fn a_root_of_records_is_a_list_and_one_record_is_not() {
        assert_eq!(
            converted("<rows><row><id>1</id></row></rows>"),
            json!([{"id": "1"}])
        );
        assert_eq!(
            converted("<row><id>1</id><name>n</name></row>"),
            json!({"id": "1", "name": "n"})
        );
        assert_eq!(converted("<text><![CDATA[a < b]]></text>"), json!("a < b"));
    }

    #[test]
    fn what_is_broken_is_said() {
        assert!(to_json(b"<a><b></a>").is_err());
        assert!(to_json(b"<a>").is_err());
        assert!(to_json("<a>".repeat(300).as_bytes()).is_err());
        assert!(to_json(b"<a>&unknown;</a>").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(xml in "(<[a-b/!?]{0,3} ?[a-z=\"]{0,6}>|&[a-z#x0-9]{0,4};|[ a-z]){0,12}") {
            let _ = to_json(xml.as_bytes());
        }
    }
}
