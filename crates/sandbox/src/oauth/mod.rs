//! Sign-in: `/oauth2/*` (Compass, *OAuth 2.0*; RFC 6749, 7009, 7636, 8628).

pub(crate) mod authority;
pub(crate) mod authorize;
pub(crate) mod device;
pub(crate) mod refusal;
pub(crate) mod token;
