//! Answers of an instance, well-formed and not.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode, header};
use futures_util::{StreamExt, stream};
use serde_json::Value;

pub type Answer = Response<Body>;

/// A body of a media type.
pub fn text(status: u16, media_type: &str, body: impl Into<Body>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type.parse().unwrap());
    answer
}

pub fn json(status: u16, value: &Value) -> Answer {
    text(status, "application/json; charset=utf-8", value.to_string())
}

pub fn xml(status: u16, body: &str) -> Answer {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}");
    text(status, "application/xml; charset=utf-8", body)
}

pub fn html(status: u16, heading: &str) -> Answer {
    let body = format!("<!DOCTYPE html><html><body><h1>{heading}</h1></body></html>");
    text(status, "text/html; charset=utf-8", body)
}

pub fn with_header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    answer.headers_mut().insert(name, value.parse().unwrap());
    answer
}

/// Says it is `promised` bytes long, sends `body` and closes the connection.
pub fn cut_off(body: &str, promised: usize) -> Answer {
    let sent = Bytes::from(body.to_owned());
    let broken = stream::once(async {
        // What was sent before has left by then.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(std::io::Error::other("cut off"))
    });
    let body = stream::iter([Ok(sent)]).chain(broken);
    let answer = text(200, "application/json", Body::from_stream(body));
    with_header(answer, "content-length", &promised.to_string())
}

/// A list of one record whose one field is `megabytes` long, made while it is sent.
pub fn enormous(megabytes: usize) -> Answer {
    let chunk = Bytes::from(vec![b'x'; 1 << 20]);
    let start = stream::iter([Bytes::from_static(b"[{\"id\":1,\"internal-note\":\"")]);
    let end = stream::iter([Bytes::from_static(b"\"}]")]);
    let parts = start
        .chain(stream::repeat(chunk).take(megabytes))
        .chain(end);
    text(
        200,
        "application/json",
        Body::from_stream(parts.map(Ok::<_, Infallible>)),
    )
}
