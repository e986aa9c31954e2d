//! What can be asked: lists and previews for a desk. Each is a [`Question`](crate::engine::Question); none changes anything.

mod channels;
mod entry_points;
mod history;
mod message_preview;
mod orphan_page;
mod orphans;
mod overview;
mod preview;
mod targets;
mod waiting;

pub use channels::{ChannelAnswer, Channels};
pub use entry_points::{EntryPointAnswer, EntryPoints};
pub use history::{ConversationSummary, History, MAX_HISTORY, Transcript};
pub use message_preview::{MessagePreview, MessagePreviewAnswer};
pub use orphan_page::{Orphans, OrphansAnswer};
#[cfg(feature = "testing")]
pub(crate) use orphans::contradictions;
pub use orphans::{Orphan, Repair, orphans};
pub use overview::{HeldTask, Overview, OverviewAnswer, TaskSummary};
pub use preview::{SmsPreview, SmsPreviewAnswer};
pub use targets::{AgentTarget, QueueTarget, TransferTargets, TransferTargetsAnswer};
pub use waiting::{Parked, Queued, WaitingAnswer};
