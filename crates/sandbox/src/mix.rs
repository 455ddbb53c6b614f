/// A well-spread 64-bit number from two (SplitMix64's finaliser). Everything synthetic comes from it, so a seed gives
/// the same records on every machine.
pub(crate) const fn mix(seed: u64, value: u64) -> u64 {
    let mut z = seed
        ^ value
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
