//! Invoices of about 20 KB, made from the connector's samples.

use serde_json::{Value, json};

/// The size aimed at, in bytes.
const SIZE: usize = 20_000;

/// `count` invoices that differ in their ids, numbers and lines, each of about [`SIZE`] bytes.
pub fn invoices(samples: &[u8], count: usize) -> Vec<Vec<u8>> {
    let samples: Vec<Value> = serde_json::from_slice(samples).unwrap();
    (0..count)
        .map(|index| {
            let mut invoice = samples[index % samples.len()].clone();
            invoice["id"] = json!(100_000 + index);
            invoice["invoice-number"] = json!(format!("INV-{index:06}"));
            let lines = invoice["invoice-lines"].as_array().unwrap().clone();
            let mut grown = lines.clone();
            let bare = invoice.to_string().len();
            let per_line = lines
                .iter()
                .map(|line| line.to_string().len())
                .sum::<usize>()
                / lines.len();
            let missing = SIZE.saturating_sub(bare).div_ceil(per_line);
            for extra in 0..missing {
                let mut line = lines[extra % lines.len()].clone();
                line["id"] = json!(900_000 + index * 100 + extra);
                line["line-num"] = json!((lines.len() + extra + 1).to_string());
                line["total"] = json!(format!("{}.{:02}", extra * 7 + index % 90, extra % 100));
                grown.push(line);
            }
            invoice["invoice-lines"] = Value::Array(grown);
            invoice.to_string().into_bytes()
        })
        .collect()
}
