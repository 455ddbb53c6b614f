/// The operating system gave no randomness. Practically unheard of, and never a reason to go on with something weaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRandomness;

/// Fills an array from the operating system's generator.
///
/// Nonces are drawn here too instead of from a generator in user space: such a generator repeats itself after a fork or
/// when a virtual machine is resumed from a snapshot, and one repeated nonce breaks AES-GCM.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
