//! What can be asked: a plain struct that answers from a view and changes nothing.

use chrono::{DateTime, Utc};

use super::once::Once;
use super::stop::{Fault, Stop};
use super::terms::{Context, Terms};
use super::view::{Loaded, Reads, View};
use crate::model::{CommandId, Key};
use crate::refusal::Refusals;

/// How many rounds of loading an answer may take; a host's own question may follow links, one a round.
const MAX_ROUNDS: u32 = 1_000;

/// A question: a plain struct, and how it is answered. A host may ask questions of its own: implement this over the
/// [`View`], and hand it to [`Desk::ask`](crate::desk::Desk::ask).
///
/// ```
/// use std::sync::Arc;
///
/// use outbound::engine::{Context, Question, Stop, View};
/// use outbound::model::{Conversation, QueueId};
/// use outbound::record::Query;
///
/// /// The tasks that wait in a queue, the head first.
/// struct Waiting {
///     queue: QueueId,
/// }
///
/// impl Question for Waiting {
///     type Answer = Vec<Arc<Conversation>>;
///
///     fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<Self::Answer, Stop> {
///         let entries = view.find(Query::waiting(&self.queue, 50))?; // runs again once that is loaded
///         view.want(entries.iter().map(|entry| entry.key))?; // and these, in one round trip
///         let ids = entries.iter().filter_map(|entry| entry.key.as_conversation());
///         ids.map(|id| view.named_conversation(id).cloned()).collect()
///     }
/// }
/// ```
pub trait Question {
    /// What it answers.
    type Answer;

    /// The keys that are known from the question alone: what the first round trip loads. A hint, no more.
    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        Vec::new()
    }

    /// Answers from what is loaded.
    ///
    /// # Errors
    /// [`Stop`]: something is not loaded yet, the question is refused, or no answer can be had.
    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<Self::Answer, Stop>;
}

/// What an inquiry asks of its driver next.
#[derive(Debug)]
#[must_use]
pub enum Reply<T> {
    /// Load these, and [`supply`](Inquiry::supply) them.
    Load(Reads),
    /// The answer.
    Answer(T),
    /// The question names something that does not exist.
    Refused(Box<Refusals>),
    /// No answer can be had.
    Fault(Fault),
}

/// One question on its way.
#[derive(Debug)]
pub struct Inquiry<'a, Q> {
    terms: &'a Terms,
    now: DateTime<Utc>,
    numbers: Once<'a>,
    question: &'a Q,
    view: View,
    rounds: u32,
}

impl<'a, Q: Question> Inquiry<'a, Q> {
    /// Begins an inquiry at a time.
    pub fn new(terms: &'a Terms, now: DateTime<Utc>, question: &'a Q) -> Self {
        Self { terms, now, numbers: Once::new(terms.numbers()), question, view: View::default(), rounds: 0 }
    }

    /// What is to be done next.
    pub fn step(&mut self) -> Reply<Q::Answer> {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return Reply::Fault(Fault::Unstable(MAX_ROUNDS));
        }
        if self.rounds == 1 {
            let keys = self.question.reads(&self.cx());
            if !keys.is_empty() {
                return Reply::Load(Reads { keys, queries: Vec::new() });
            }
        }
        match self.question.answer(&self.cx(), &self.view) {
            Ok(answer) => Reply::Answer(answer),
            Err(Stop::NotLoaded) => Reply::Load(self.view.take_missing_and_seen()),
            Err(Stop::Refused(refusals)) => Reply::Refused(refusals),
            Err(Stop::Fault(fault)) => Reply::Fault(fault),
        }
    }

    fn cx(&self) -> Context<'_> {
        let command = CommandId::new(self.now, [0; 10]);
        Context { numbers: Some(&self.numbers), ..Context::new(self.terms, self.now, command) }
    }

    /// Gives the inquiry what it asked for.
    pub fn supply(&mut self, loaded: Loaded) {
        self.view.supply(loaded);
    }
}
