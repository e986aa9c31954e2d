//! What is to happen, in the order of its time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};
use outbound::command::ReceiptStatus;
use outbound::mail::MailId;
use outbound::model::{Channel, ConversationId, EntryPointId, OfferId, ProviderId};

/// Everything that can be planned.
pub(crate) enum What {
    /// The machines of the host do what falls due.
    Second,
    /// Somebody looks at the wallboard.
    Minute,
    /// Progress is told, and the invariants are checked.
    Hour,
    /// A customer has something on their mind.
    Arrival,
    /// A customer's message reaches an entry point.
    Letter(Box<Letter>),
    /// A provider says how far a message got.
    Receipt(Box<Receipt>),
    /// A queue's next task is given to somebody.
    Route(usize),
    /// An agent does something of their own accord.
    Agent(usize, Does),
    /// An agent goes on with a conversation, unless there was a newer plan.
    GoOn { agent: usize, conversation: ConversationId, plan: u32, next: Next },
    /// An agent answers an offer.
    Answer { agent: usize, conversation: ConversationId, offer: OfferId, take: bool },
    /// An agent who transferred a task takes it back.
    TakeBack { agent: usize, conversation: ConversationId },
    /// A holder answers a request to hand over.
    HandOver { agent: usize, conversation: ConversationId, request: OfferId, give: bool },
    /// An agent gives a wrap-up reason, or takes more time for it.
    WrapUp { agent: usize, conversation: ConversationId, later: bool },
}

/// What an agent does of their own accord.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    SignIn,
    BeginBreak {
        minutes: i64,
    },
    EndBreak,
    /// The desk's "ready again" after an offer that was declined or not answered.
    BeReadyAgain,
    Leave {
        tries: u8,
    },
    LookForSomebody,
    TakeCall,
    HangUp {
        call: u64,
    },
}

/// What an agent means to do next in a conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Write, transfer, or whatever suits.
    Work,
    /// Nothing came for a while.
    StopWaiting,
    Close,
}

/// A message on its way from a customer.
pub(crate) struct Letter {
    pub(crate) customer: usize,
    pub(crate) channel: Channel,
    pub(crate) answers: Option<MailId>,
    pub(crate) is_reply: bool,
}

/// A delivery receipt on its way.
pub(crate) struct Receipt {
    pub(crate) entry_point: EntryPointId,
    pub(crate) provider: ProviderId,
    pub(crate) status: ReceiptStatus,
}

struct Planned {
    at: DateTime<Utc>,
    number: u64,
    what: What,
}

/// What is to happen; what is planned for one time happens in the order of planning.
#[derive(Default)]
pub(crate) struct Agenda {
    planned: BinaryHeap<Planned>,
    number: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: DateTime<Utc>, what: What) {
        self.number += 1;
        self.planned.push(Planned { at, number: self.number, what });
    }

    pub(crate) fn next(&mut self) -> Option<(DateTime<Utc>, What)> {
        self.planned.pop().map(|planned| (planned.at, planned.what))
    }
}

impl Ord for Planned {
    /// The heap gives its greatest first, which is what comes first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Planned {}
