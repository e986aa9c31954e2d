//! What can be done: one file a use case, a plain serialisable struct and how it is decided.

mod answer;
mod close;
mod conference;
mod dispatch;
mod fire;
mod handover;
mod interaction;
mod moves;
mod park;
mod receive;
mod recover;
mod rehome;
mod report;
mod resolve;
mod route;
mod send;
mod set_state;
mod sign_in;
mod sign_out;
mod start;
mod transfer;
mod workflow;
mod wrap_up;

pub use answer::{Accept, Decline};
pub use close::Close;
pub use conference::Conference;
pub use dispatch::{ClaimDispatch, RecordAttempt};
pub use fire::FireDue;
pub use handover::AnswerHandover;
pub use interaction::{BeginInteraction, EndInteraction, InteractionHow};
pub use park::{Park, Wake};
pub use receive::ReceiveMessage;
pub use recover::RecoverFromRona;
pub use rehome::Rehome;
pub use report::{ReceiptStatus, ReportDelivery};
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
