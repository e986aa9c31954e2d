//! A customer's history, across addresses, entry points and conversations (R39).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{
    Address, Closing, Contact, Conversation, ConversationId, CustomerId, EntryPointId, Key, Leg, Message, Origin,
    Subject, TaskState,
};
use crate::policy::{Checks, rules};
use crate::record::{Entry, Query, Record};

/// Asks for a customer's conversations, newest first, and their messages (R39).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The customer.
    pub customer: CustomerId,
    /// How many conversations to answer at most, over all threads; never more than [`MAX_HISTORY`]. Each takes a round
    /// trip of its own, since a conversation names only the one before it.
    pub conversations: usize,
    /// How many messages of each to answer at most, oldest first.
    pub messages: usize,
}

/// Asks for one conversation and its messages, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The conversation.
    pub conversation: ConversationId,
    /// How many messages to answer at most.
    pub messages: usize,
}

impl Question for Transcript {
    type Answer = ConversationSummary;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<ConversationSummary, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut Checks::default(), found, self.conversation)?;
        let transcript = view.find(Query::transcript(self.conversation, self.messages))?;
        said_in(view, conversation, transcript)
    }
}

/// One conversation, and what was said in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// The conversation.
    pub id: ConversationId,
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The customer.
    pub customer: CustomerId,
    /// The customer's address.
    pub address: Address,
    /// Who wrote first.
    pub origin: Origin,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// Its closing, if it is closed.
    pub closed: Option<Closing>,
    /// The conversation before it on the same thread.
    pub previous: Option<ConversationId>,
    /// Its subject, on e-mail.
    pub subject: Option<Subject>,
    /// Where its task is in its life.
    pub task: TaskState,
    /// The parts of agents that are over, with their wrap-up reasons.
    pub legs: Vec<Leg>,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
}

/// The most conversations that a [`History`] answers.
pub const MAX_HISTORY: usize = 512;

/// How many addresses of a customer are looked at.
const ADDRESSES: usize = 64;

impl Question for History {
    type Answer = Vec<ConversationSummary>;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        Vec::new()
    }

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<Vec<ConversationSummary>, Stop> {
        let conversations = self.conversations(view)?;
        let queries = conversations.iter().map(|conversation| Query::transcript(conversation.id(), self.messages));
        view.want_found(queries)?;
        let mut listed = Vec::with_capacity(conversations.len());
        for conversation in &conversations {
            listed.push(view.find(Query::transcript(conversation.id(), self.messages))?);
        }
        view.want(listed.iter().flat_map(|transcript| transcript.iter().map(|entry| entry.key)))?;
        let summaries = conversations.iter().zip(listed);
        summaries.map(|(conversation, transcript)| said_in(view, conversation, transcript)).collect()
    }
}

/// The conversation with the messages of its transcript.
fn said_in(view: &View, conversation: &Conversation, transcript: &[Entry]) -> Result<ConversationSummary, Stop> {
    view.want(transcript.iter().map(|entry| entry.key))?;
    let ids = transcript.iter().filter_map(|entry| entry.key.as_message());
    let messages = ids.map(|id| view.named_message(id).map(|message| Message::clone(message)));
    Ok(summary(conversation, messages.collect::<Result<_, Stop>>()?))
}

impl History {
    /// The customer's newest conversations: on each thread from the newest back, one link a step.
    fn conversations<'v>(&self, view: &'v View) -> Result<Vec<&'v Arc<Conversation>>, Stop> {
        let addresses = view.find(Query::addresses(&self.customer, ADDRESSES))?;
        view.want(addresses.iter().map(|entry| entry.key))?;
        let mut heads = Vec::new();
        for entry in addresses {
            if let Some(Record::Contact(contact)) = view.record(entry.key)? {
                heads.extend(latest(contact));
            }
        }
        view.want(heads.iter().map(|id| Key::conversation(*id)))?;
        let mut heads = heads.into_iter().map(|id| view.named_conversation(id)).collect::<Result<Vec<_>, Stop>>()?;
        let mut newest_first = Vec::new();
        while newest_first.len() < self.conversations.min(MAX_HISTORY) {
            let newest = (0..heads.len()).max_by_key(|at| heads.get(*at).map(|head| (head.opened_at(), head.id())));
            let Some(newest) = newest else { break };
            let head = heads.swap_remove(newest);
            newest_first.push(head);
            if let Some(previous) = head.previous() {
                heads.push(view.named_conversation(previous)?);
            }
        }
        Ok(newest_first)
    }
}

fn latest(contact: &Contact) -> impl Iterator<Item = ConversationId> + '_ {
    contact.threads().iter().map(|thread| thread.latest)
}

fn summary(conversation: &Conversation, messages: Vec<Message>) -> ConversationSummary {
    let opening = conversation.opening();
    ConversationSummary {
        id: opening.id,
        entry_point: opening.entry_point.clone(),
        customer: opening.customer.clone(),
        address: opening.address.clone(),
        origin: opening.origin.clone(),
        opened_at: conversation.opened_at(),
        closed: conversation.closed().cloned(),
        previous: opening.previous,
        subject: conversation.subject().cloned(),
        task: conversation.state().clone(),
        legs: conversation.legs().to_vec(),
        messages,
    }
}
