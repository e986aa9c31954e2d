//! What can be done: one file a use case, a plain serialisable struct and how it is decided.
//!
//! # As JSON
//!
//! A client in any language speaks them by the names that they have here, fields in `snake_case`. Ids are texts, times are RFC 3339.
//! What is an `Option`, and what [`StartOutbound::new`] and its like do not ask for, may be left out; a field that nobody knows is an
//! error. A choice is its name in `snake_case`, or an object of that name and what belongs to it:
//!
//! ```
//! use outbound::command::{SendMessage, SetConsent, SetState, StartOutbound, Transfer};
//! use serde_json::from_str;
//!
//! from_str::<SetState>(r#"{ "agent": "ana", "state": "available" }"#)?;
//! from_str::<SetState>(r#"{ "agent": "ana", "state": { "idle": "lunch" }, "class": "social" }"#)?;
//! from_str::<StartOutbound>(r#"{ "agent": "ana", "channel": "sms", "entry_point": "sms_care", "to": "+351 912 345 678",
//!     "customer": "crm-1", "on_conflict": "ask_holder" }"#)?;
//! from_str::<SendMessage>(r#"{ "agent": "ana", "conversation": "0190163d-8694-739b-aea5-966c26f8ad91",
//!     "wording": { "text": "Hello" }, "seen": "nothing", "not_after": "2026-03-02T18:00:00Z" }"#)?;
//! from_str::<SendMessage>(r#"{ "agent": "ana", "conversation": "0190163d-8694-739b-aea5-966c26f8ad91",
//!     "wording": { "template": { "template": "hello", "values": { "name": "Rita" } } },
//!     "seen": { "up_to": "0190163d-9e64-7d1c-8f4d-0a2f4cf9c8b2" } }"#)?;
//! from_str::<SendMessage>(r#"{ "agent": "ana", "conversation": "0190163d-8694-739b-aea5-966c26f8ad91",
//!     "subject": "Your order", "wording": { "html": { "html": "<p>Hello</p>" } } }"#)?;
//! from_str::<Transfer>(r#"{ "agent": "ana", "conversation": "0190163d-8694-739b-aea5-966c26f8ad91",
//!     "to": { "queue": "care" } }"#)?;
//! from_str::<SetConsent>(r#"{ "by": "host", "channel": "sms", "address": "+351 912 345 678", "change": "opt_out" }"#)?;
//! from_str::<SetConsent>(r#"{ "by": { "agent": "ana" }, "channel": "email", "address": "rita@example.org",
//!     "change": { "suppress": { "until": "2026-06-01T00:00:00Z" } } }"#)?;
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Whoever the body names as its agent, the client says so: a service compares [`Command::actor`](crate::engine::Command::actor) with who is
//! signed in to it, and takes from a client no command whose actor is none of its agents.
//!
//! ```
//! use outbound::command::{SendMessage, SetState, StartOutbound};
//! use outbound::desk::Desk;
//! use outbound::engine::Command;
//! use outbound::model::{AgentId, CommandId};
//! use outbound::port::{Clock, Failure, Store};
//! use outbound::record::Actor;
//! use outbound::refusal::Language;
//! use serde::de::DeserializeOwned;
//! use serde_json::{Value, json};
//!
//! /// What a client asks for: the name of a command, its id, and its body.
//! struct Request<'a> {
//!     by: AgentId,
//!     name: &'a str,
//!     id: CommandId,
//!     body: &'a str,
//! }
//!
//! fn answer<S: Store>(desk: &Desk<S, impl Clock>, request: &Request<'_>) -> (u16, Value) {
//!     match request.name {
//!         SetState::NAME => run::<SetState, S>(desk, request),
//!         StartOutbound::NAME => run::<StartOutbound, S>(desk, request),
//!         SendMessage::NAME => run::<SendMessage, S>(desk, request),
//!         _ => (404, json!("there is no such command")), // one line for each that clients may send
//!     }
//! }
//!
//! fn run<C: Command + DeserializeOwned, S: Store>(desk: &Desk<S, impl Clock>, request: &Request<'_>) -> (u16, Value) {
//!     let command: C = match serde_json::from_str(request.body) {
//!         Ok(command) => command,
//!         Err(error) => return (400, json!(error.to_string())),
//!     };
//!     if command.actor() != Actor::Agent(request.by.clone()) {
//!         return (403, json!("in nobody else's name"));
//!     }
//!     match desk.run(request.id, &command) {
//!         Ok(done) => (200, json!(done)),
//!         Err(Failure::Refused(why)) => (why.primary().category().http_status(), json!(why.report(Language::English))),
//!         Err(failure) => (failure.http_status(), json!(failure.to_string())),
//!     }
//! }
//! ```

mod answer;
mod attempt;
mod claim;
mod close;
mod conference;
mod consent;
mod fire;
mod handover;
mod interaction;
mod mail_names;
mod moves;
mod outgoing;
mod park;
mod receive;
mod recover;
mod rehome;
mod report;
mod resolve;
mod retry;
mod route;
mod send;
mod set_state;
mod sign_in;
mod sign_out;
mod start;
mod transfer;
mod wishes;
mod workflow;
mod wrap_up;
mod zone;

pub use answer::{Accept, Decline};
pub use attempt::RecordAttempt;
pub use claim::ClaimDispatch;
pub use close::Close;
pub use conference::Conference;
pub use consent::{ConsentChange, SetConsent};
pub use fire::FireDue;
pub use handover::AnswerHandover;
pub use interaction::{BeginInteraction, EndInteraction, InteractionHow};
pub use park::{Park, Wake};
pub use receive::ReceiveMessage;
pub use recover::RecoverFromRona;
pub use rehome::Rehome;
pub use report::{ReceiptStatus, ReportDelivery};
pub use retry::RetryMessage;
pub use route::RouteNext;
pub use send::SendMessage;

pub use crate::model::Seen;
pub use set_state::SetState;
pub use sign_in::SignIn;
pub use sign_out::{SignOut, Unfinished};
pub use start::{OnConflict, StartOutbound};
pub use transfer::{CancelTransfer, Target, Transfer};
pub use workflow::TriggerWorkflow;
pub use wrap_up::{ExtendWrapUp, WrapUp};
pub use zone::SetZone;
