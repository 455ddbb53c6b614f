//! Which addresses are not on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether `address` is this machine: 127.0.0.0/8, `::1`, or the former mapped into IPv6.
pub fn is_loopback(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => address.is_loopback(),
    }
}

/// Whether `address` is anything but a public unicast address, by IANA's special-purpose registries (RFC 6890): loopback, private,
/// carrier-grade NAT, link-local (cloud metadata services too), documentation, benchmarking, multicast, reserved; in IPv6 also unique local,
/// and every form that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) when that one is.
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let carried = |high: u16, low: u16| {
        let bits = u32::from(high) << 16 | u32::from(low);
        is_private_v4(Ipv4Addr::from_bits(bits))
    };
    match address.segments() {
        // Forms that carry an IPv4 address: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056), and Teredo (RFC 4380), which stores the
        // client's address inverted.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => carried(high, low),
        [0x2001, 0, _, _, _, _, high, low] => carried(!high, !low),
        // The rest of IETF's protocol assignments, and documentation twice (RFC 3849, RFC 9637).
        [0x2001, 0x0002..=0x01ff | 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => true,
        // Only 2000::/3 is global unicast. Outside are unspecified, loopback, IPv4-compatible, NAT64's local-use prefix (RFC 8215),
        // discard-only, segment routing, unique local, link-local, site-local and multicast.
        [first, ..] => !(0x2000..0x4000).contains(&first),
    }
}
