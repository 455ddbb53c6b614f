//! What the acceptance tests stand on: a workspace to run `xwalk` in, and a stand-in for a Coupa instance that is written
//! from the provider's public documentation alone and shares no code with the product or its sandbox.

pub mod answer;
pub mod browser;
pub mod canary;
pub mod certificate;
pub mod condition;
pub mod connector_copy;
pub mod families;
pub mod instance;
pub mod invoice;
pub mod list;
pub mod listener;
pub mod manners;
pub mod offline;
pub mod openid;
pub mod outcome;
pub mod proxy;
pub mod request;
pub mod running;
pub mod scope;
pub mod selection;
pub mod sign_in;
pub mod token;
pub mod workspace;
