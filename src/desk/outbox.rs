//! What both outbox pumps share.

use serde::{Deserialize, Serialize};

use crate::model::{CommandId, Dispatch, HostedImage, SendResult};
use crate::record::Claimed;

/// What a pump did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pumped {
    /// Messages that the provider took.
    pub sent: usize,
    /// Messages that are attempted later: again, or since it is quiet at the recipient's (B6).
    pub postponed: usize,
    /// Messages that cannot be delivered, or whose recipient wants none any more (B5).
    pub failed: usize,
    /// Messages that it was too late to send.
    pub expired: usize,
    /// Messages that could not be claimed or written down, because records contradict each other or others were always
    /// faster; a later call tries them again.
    pub stuck: usize,
}

impl Pumped {
    pub(super) const fn count(&mut self, result: &SendResult) {
        match result {
            SendResult::Accepted { .. } => self.sent += 1,
            SendResult::Transient { .. } => self.postponed += 1,
            SendResult::Permanent { .. } => self.failed += 1,
        }
    }

    pub(super) const fn end(&mut self, claimed: &Claimed) {
        match claimed {
            Claimed::Expired => self.expired += 1,
            Claimed::GivenUp | Claimed::Refused(_) => self.failed += 1,
            Claimed::Deferred { .. } => self.postponed += 1,
            Claimed::Send(_) => {}
        }
    }

    /// How many entries to ask for, of which so many were tried: enough to find what is left of the limit behind those that
    /// stay where they are because they are stuck or somebody else's.
    pub(super) const fn ask_for(&self, limit: usize, tried: usize) -> usize {
        let done = self.total() - self.stuck;
        let left = limit.saturating_sub(done);
        if left == 0 { 0 } else { left.saturating_add(tried.saturating_sub(done)) }
    }

    /// Messages that were looked at.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.sent + self.postponed + self.failed + self.expired + self.stuck
    }
}

/// The ids of a claim and of writing down its answer, from the id of the pumping.
pub(super) fn attempt_ids(id: CommandId, number: usize) -> (CommandId, CommandId) {
    let first = u32::try_from(number).unwrap_or(u32::MAX / 2).saturating_mul(2);
    (id.step(first), id.step(first.saturating_add(1)))
}

/// The images that must be found before a message is sent (R31).
pub(super) fn images_of(dispatch: &Dispatch) -> impl Iterator<Item = &HostedImage> {
    dispatch.content.images.iter()
}

/// An image that could not be hosted postpones its message.
pub(super) fn answer_of(hosted: Result<(), String>) -> Option<SendResult> {
    hosted.err().map(|problem| SendResult::Transient { problem: problem.into() })
}
