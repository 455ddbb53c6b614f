//! What is answered below `/api/`, before anything is made to go wrong with it.

use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::SignedDuration;

use crate::answer::{Answer, Format};
use crate::instance::Instance;
use crate::oauth::authority::Grant;
use crate::object::Wanted;
use crate::query::{Query, is_reserved, pairs};
use crate::resource::Resource;
use crate::world::Row;
use crate::{page, records, xml};

/// One request below `/api/`.
pub(crate) struct Ask<'r> {
    pub(crate) method: &'r Method,
    /// Below `/api/`.
    pub(crate) path: &'r str,
    pub(crate) query: Option<&'r str>,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) format: Format,
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    List(Resource),
    Record(Resource, u64),
}

impl Target {
    fn of(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        if let Some(resource) = Resource::at(path) {
            return Some(Self::List(resource));
        }
        let (head, id) = path.rsplit_once('/')?;
        Some(Self::Record(Resource::at(head)?, id.parse().ok()?))
    }

    fn resource(self) -> Resource {
        match self {
            Self::List(resource) | Self::Record(resource, _) => resource,
        }
    }
}

/// Whether the request reads a list, which the hostile profile changes while it is read.
pub(crate) fn listed(ask: &Ask<'_>) -> Option<Resource> {
    match Target::of(ask.path)? {
        Target::List(resource) if ask.method == Method::GET => Some(resource),
        _ => None,
    }
}

/// The client a request's token belongs to, valid or not.
pub(crate) fn client_of(instance: &Instance, headers: &HeaderMap) -> Option<String> {
    let token = bearer(headers)?;
    instance
        .authority()
        .access(token)
        .map(|grant| grant.client_id.clone())
}

pub(crate) fn answer(instance: &Instance, ask: &Ask<'_>) -> Answer {
    let grant = match authorized(instance, ask.headers) {
        Ok(grant) => grant,
        Err(reason) => return unauthorized(ask.format, reason),
    };
    let Some(target) = Target::of(ask.path) else {
        return Answer::no_record(ask.format);
    };
    let resource = target.resource();
    let traits = resource.traits();
    let scope = match *ask.method {
        Method::GET => Some(traits.read_scope),
        Method::PUT => traits.write_scope,
        _ => None,
    };
    let Some(scope) = scope else {
        let message = format!("{} {} is not available here.", ask.method, ask.path);
        return Answer::error(StatusCode::METHOD_NOT_ALLOWED, ask.format, "base", &message);
    };
    if !grant.scopes.iter().any(|held| held == scope) {
        let message = "You are not authorized to perform this action.";
        return Answer::error(StatusCode::FORBIDDEN, ask.format, "base", message);
    }
    let pairs = pairs(ask.query);
    match (target, ask.method == Method::PUT) {
        (Target::List(resource), false) => list(instance, ask, resource, &pairs),
        (Target::Record(resource, id), false) => get(instance, ask, resource, id, &pairs),
        (Target::Record(resource, id), true) => put(instance, ask, resource, id, &pairs),
        (Target::List(_), true) => Answer::no_record(ask.format),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn authorized(instance: &Instance, headers: &HeaderMap) -> Result<Grant, &'static str> {
    let token = bearer(headers).ok_or("No access token was sent.")?;
    let grant = instance
        .authority()
        .access(token)
        .cloned()
        .ok_or("The access token is unknown or was revoked.")?;
    let now = instance.clock.now();
    if grant.expires <= now {
        return Err("The access token has expired.");
    }
    let settle = SignedDuration::try_from(instance.config.settle).unwrap_or_default();
    if now.duration_since(grant.issued) < settle {
        return Err("The access token is not valid yet.");
    }
    Ok(grant)
}

fn unauthorized(format: Format, reason: &str) -> Answer {
    Answer::error(StatusCode::UNAUTHORIZED, format, "base", reason)
        .with(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
}

fn invalid(format: Format, message: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, format, "base", message)
}

fn list(
    instance: &Instance,
    ask: &Ask<'_>,
    resource: Resource,
    pairs: &[(String, String)],
) -> Answer {
    let query = match Query::parse(pairs, instance.config.page_ceiling) {
        Ok(query) => query,
        Err(message) => return invalid(ask.format, &message),
    };
    let rows = instance.read(resource, |collection| {
        page::rows(&instance.world, collection, resource, &query)
    });
    let rows = match rows {
        Some(Ok(rows)) => rows,
        Some(Err(message)) => return invalid(ask.format, &message),
        None => Vec::new(),
    };
    let answer = match ask.format {
        // The end of a list has two faces (Compass, *Differences Between XML and JSON*).
        Format::Xml if rows.is_empty() => Answer::error(
            StatusCode::NOT_FOUND,
            Format::Xml,
            "base",
            "No results match your search criteria.",
        ),
        Format::Xml => {
            let values: Vec<_> = rows
                .iter()
                .map(|row| value(instance, row, query.wanted()))
                .collect();
            let (singular, plural) = resource.traits().element;
            Answer::new(
                StatusCode::OK,
                Format::Xml.content_type(),
                xml::list(singular, plural, &values),
            )
        }
        Format::Json => {
            let mut body = Vec::with_capacity(64 * 1024);
            body.push(b'[');
            for (place, row) in rows.iter().enumerate() {
                if place > 0 {
                    body.push(b',');
                }
                records::write(&mut body, &instance.world, row, query.wanted());
            }
            body.push(b']');
            Answer::new(StatusCode::OK, Format::Json.content_type(), body)
        }
    };
    answer.holding(rows.len())
}

fn get(
    instance: &Instance,
    ask: &Ask<'_>,
    resource: Resource,
    id: u64,
    pairs: &[(String, String)],
) -> Answer {
    let query = match Query::parse(pairs, instance.config.page_ceiling) {
        Ok(query) => query,
        Err(message) => return invalid(ask.format, &message),
    };
    let row = find(instance, resource, id);
    row.map_or_else(
        || Answer::no_record(ask.format),
        |row| one(instance, ask.format, &row, query.wanted()),
    )
}

fn find(instance: &Instance, resource: Resource, id: u64) -> Option<Row> {
    let world = &instance.world;
    instance
        .read(resource, |collection| {
            collection
                .find(world, id)
                .map(|index| collection.row(world, index))
        })
        .flatten()
}

fn one(instance: &Instance, format: Format, row: &Row, wanted: Wanted<'_>) -> Answer {
    let body = match format {
        Format::Json => {
            let mut body = Vec::new();
            records::write(&mut body, &instance.world, row, wanted);
            body
        }
        Format::Xml => xml::document(
            row.resource.traits().element.0,
            &value(instance, row, wanted),
        )
        .into_bytes(),
    };
    Answer::new(StatusCode::OK, format.content_type(), body).holding(1)
}

fn value(instance: &Instance, row: &Row, wanted: Wanted<'_>) -> serde_json::Value {
    let mut record = Vec::new();
    records::write(&mut record, &instance.world, row, wanted);
    serde_json::from_slice(&record).unwrap_or_default()
}

/// `PUT /api/invoices/{id}?exported=true`, in a request of its own (Compass, *Exporting from the API*). Nothing else
/// of a record can be changed here.
fn put(
    instance: &Instance,
    ask: &Ask<'_>,
    resource: Resource,
    id: u64,
    pairs: &[(String, String)],
) -> Answer {
    let Some(row) = find(instance, resource, id) else {
        return Answer::no_record(ask.format);
    };
    let model = resource.traits().element.0.replace('-', "_");
    let refused =
        |message: &str| Answer::error(StatusCode::BAD_REQUEST, ask.format, &model, message);
    let mut steering = Vec::new();
    let mut exported = None;
    for (key, value) in pairs {
        match (key.as_str(), value.as_str()) {
            ("exported", "true") => exported = Some(true),
            ("exported", "false") => exported = Some(false),
            ("exported", _) => return refused("Exported must be true or false"),
            ("return_object" | "return-object", "none") => {
                steering.push((key.clone(), "none".to_owned()));
            }
            (other, _) if is_reserved(other) => steering.push((key.clone(), value.clone())),
            (other, _) => {
                return refused(&format!(
                    "{other} can't be changed in a request that sets exported"
                ));
            }
        }
    }
    let Some(exported) = exported else {
        return refused("Exported can't be blank");
    };
    let silent = steering.iter().any(|(_, value)| value == "none");
    steering.retain(|(_, value)| value != "none");
    let query = match Query::parse(&steering, instance.config.page_ceiling) {
        Ok(query) => query,
        Err(message) => return invalid(ask.format, &message),
    };
    let now = instance.clock.now().as_second();
    instance.change(resource, |collection| {
        collection.set_exported(row.index, exported, now);
    });
    if silent {
        return Answer::new(StatusCode::OK, ask.format.content_type(), "");
    }
    find(instance, resource, id).map_or_else(
        || Answer::no_record(ask.format),
        |row| one(instance, ask.format, &row, query.wanted()),
    )
}
