//! Text with places to fill in.

use std::fmt;

use crate::text_type::{TextError, text_type};

/// Where a value of a template comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A field of the connection form: `{{config.instance_url}}`.
    Config,
    /// A part of the credential: `{{credential.client_id}}`. Allowed inside `auth` only.
    Credential,
    /// A value of the token: `{{token.access_token}}`, or one kept by `auth.token.keep`. `access_token` is allowed inside `auth` only.
    Token,
    /// The record at hand: `{{record.id}}`.
    Record,
    /// The page asked for: `{{page.offset}}`, `{{page.number}}`, `{{page.start}}`, `{{page.size}}`.
    Page,
    /// The keyset range asked for: `{{range.after}}`, `{{range.up_to}}`.
    Range,
    /// The watermark: `{{watermark.value}}`, and `{{watermark.clause}}` in a query language.
    Watermark,
    /// The fields asked for, in a query language: `{{selection.fields}}`.
    Selection,
    /// The value sampled: `{{sample.value}}`.
    Sample,
    /// The field a filter is about: `{{filter.field}}`.
    Filter,
    /// What the request to the administrator names: `{{request.scopes}}`, `redirect_uri`, `egress_ips`, `tenant`, `account`.
    Request,
    /// What a write carries: `{{input.text}}`, given by the caller.
    Input,
}

impl Source {
    /// Every source, with the word used in templates.
    pub const ALL: [(Source, &'static str); 12] = [
        (Source::Config, "config"),
        (Source::Credential, "credential"),
        (Source::Token, "token"),
        (Source::Record, "record"),
        (Source::Page, "page"),
        (Source::Range, "range"),
        (Source::Watermark, "watermark"),
        (Source::Selection, "selection"),
        (Source::Sample, "sample"),
        (Source::Filter, "filter"),
        (Source::Request, "request"),
        (Source::Input, "input"),
    ];

    /// The word used in templates.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(source, _)| *source == self)
            .map_or("", |(_, word)| word)
    }
}

/// A value named in a template: `config.instance_url`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// Where the value comes from.
    pub source: Source,
    /// Its name there.
    pub name: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.source.word(), self.name)
    }
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Text that stands for itself.
    Literal(String),
    /// A value to fill in.
    Value(Reference),
}

/// Text with values to fill in: `{{config.instance_url}}/api/invoices/{{record.id}}`. There are no expressions, no defaults and no
/// escapes; a text that needs a literal `{{` cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    text: String,
    segments: Vec<Segment>,
}

text_type!(
    Template,
    "template",
    "Text with values to fill in, each written as `{{source.name}}`, such as `{{config.instance_url}}` or `{{record.id}}`."
);

impl Template {
    /// Reads a template; which names exist is checked with the rest of the definition.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let mut segments = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                segments.push(Segment::Literal(rest[..start].to_owned()));
            }
            let inner = &rest[start + 2..];
            let end = inner.find("}}").ok_or_else(|| {
                TextError::new(
                    format!("`{text}` has `{{{{` without `}}}}`"),
                    "close the value: `{{config.name}}`",
                )
            })?;
            segments.push(Segment::Value(parse_reference(inner[..end].trim())?));
            rest = &inner[end + 2..];
        }
        if !rest.is_empty() {
            segments.push(Segment::Literal(rest.to_owned()));
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// A literal followed by one value; the literal holds no braces.
    pub(crate) fn with_prefix(literal: &str, reference: Reference) -> Self {
        let text = format!("{literal}{{{{{reference}}}}}");
        let mut segments = Vec::new();
        if !literal.is_empty() {
            segments.push(Segment::Literal(literal.to_owned()));
        }
        segments.push(Segment::Value(reference));
        Self { text, segments }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Literals and values in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The values named, in order of appearance.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Value(reference) => Some(reference),
            Segment::Literal(_) => None,
        })
    }

    /// The text itself, when there is nothing to fill in.
    pub fn as_literal(&self) -> Option<&str> {
        self.references()
            .next()
            .is_none()
            .then_some(self.text.as_str())
    }
}

fn parse_reference(text: &str) -> Result<Reference, TextError> {
    let sources = || Source::ALL.map(|(_, word)| word).join(", ");
    let name_is_valid = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let Some((word, name)) = text.split_once('.').filter(|(_, name)| name_is_valid(name)) else {
        return Err(TextError::new(
            format!("`{{{{{text}}}}}` does not name a value"),
            "write a source, a dot and a name in lower case, such as `{{config.instance_url}}`",
        ));
    };
    match Source::ALL.iter().find(|(_, known)| *known == word) {
        Some((source, _)) => Ok(Reference {
            source: *source,
            name: name.to_owned(),
        }),
        None => Err(TextError::new(
            format!("`{word}` is not a source of values"),
            format!("use one of {}", sources()),
        )),
    }
}
