use std::io::{self, Read};

/// The longest header and body accepted: a body is one record, and records are capped at 64 MiB on the way in.
const LONGEST: u32 = 256 * 1024 * 1024;

/// Appends one frame to `out`: the lengths of header and body (4 bytes each, little-endian), the header (JSON), the
/// body (raw bytes).
pub(crate) fn append(out: &mut Vec<u8>, header: &[u8], body: &[u8]) -> io::Result<()> {
    let length = |part: &[u8]| {
        u32::try_from(part.len())
            .ok()
            .filter(|length| *length <= LONGEST)
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidInput, "a frame longer than 256 MiB")
            })
    };
    out.reserve(8 + header.len() + body.len());
    out.extend_from_slice(&length(header)?.to_le_bytes());
    out.extend_from_slice(&length(body)?.to_le_bytes());
    out.extend_from_slice(header);
    out.extend_from_slice(body);
    Ok(())
}

/// The lengths of header and body that the first eight bytes of a frame tell.
pub(crate) fn lengths(prefix: [u8; 8]) -> io::Result<(usize, usize)> {
    let both = u64::from_le_bytes(prefix);
    let [header, body] = [both & u64::from(u32::MAX), both >> 32];
    if header > u64::from(LONGEST) || body > u64::from(LONGEST) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the other process does not speak this protocol",
        ));
    }
    let size = |length| usize::try_from(length).map_err(io::Error::other);
    Ok((size(header)?, size(body)?))
}

/// Reads one frame into `header` and `body`; `false` at the end of the stream.
pub(crate) fn read(
    source: &mut impl Read,
    header: &mut Vec<u8>,
    body: &mut Vec<u8>,
) -> io::Result<bool> {
    let mut prefix = [0; 8];
    let mut filled = 0;
    while filled < prefix.len() {
        match source.read(&mut prefix[filled..]) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let (header_length, body_length) = lengths(prefix)?;
    fill(source, header, header_length)?;
    fill(source, body, body_length)?;
    Ok(true)
}

fn fill(source: &mut impl Read, buffer: &mut Vec<u8>, length: usize) -> io::Result<()> {
    buffer.clear();
    buffer.resize(length, 0);
    source.read_exact(buffer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn frames_come_back_as_written() {
        let mut stream = Vec::new();
        append(&mut stream, b"{}", b"body").unwrap();
        append(&mut stream, b"", b"").unwrap();
        let mut source = stream.as_slice();
        let (mut header, mut body) = (Vec::new(), Vec::new());
        assert!(read(&mut source, &mut header, &mut body).unwrap());
        assert_eq!(
            (header.as_slice(), body.as_slice()),
            (&b"{}"[..], &b"body"[..])
        );
        assert!(read(&mut source, &mut header, &mut body).unwrap());
        assert_eq!((header.len(), body.len()), (0, 0));
        assert!(!read(&mut source, &mut header, &mut body).unwrap());
    }

    #[test]
    fn another_protocol_is_an_error_and_not_a_huge_allocation() {
        let mut source = &b"HTTP/1.1 200 OK\r\n"[..];
        let error = read(&mut source, &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let mut cut = &[1, 0, 0][..];
        let error = read(&mut cut, &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
