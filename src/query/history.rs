//! A customer's history, across addresses, entry points and conversations (R39).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{
    Address, Closing, Conversation, ConversationId, CustomerId, EntryPointId, Key, Leg, Message, Origin, Subject,
    TaskState,
};
use crate::policy::{Checks, rules};
use crate::record::{Cursor, Entry, Query, Record};

/// Asks for a customer's conversations, newest first, and their messages (R39).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The customer.
    pub customer: CustomerId,
    /// Go on behind this conversation: the last one of the page before. It keeps its place, whatever happens to it meanwhile.
    #[serde(default)]
    pub after: Option<ConversationId>,
    /// How many conversations to answer at most, over all threads; never more than [`MAX_HISTORY`].
    pub conversations: usize,
    /// How many messages of each to answer at most, oldest first.
    pub messages: usize,
}

/// Asks for one conversation and its messages, oldest first.
///
/// Messages are numbered from 1 without gaps, and [`ConversationSummary::total`] says how many there are: a page can begin
/// anywhere, also so that it ends with the newest message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The conversation.
    pub conversation: ConversationId,
    /// Go on behind the message with this number.
    #[serde(default)]
    pub after: Option<u32>,
    /// How many messages to answer at most.
    pub messages: usize,
}

impl Transcript {
    /// A conversation with its first messages, so many at most.
    #[must_use]
    pub const fn new(conversation: ConversationId, messages: usize) -> Self {
        Self { conversation, after: None, messages }
    }

    /// The same question for what is behind the message with a number.
    #[must_use]
    pub const fn after(mut self, number: u32) -> Self {
        self.after = Some(number);
        self
    }
}

impl Question for Transcript {
    type Answer = ConversationSummary;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<ConversationSummary, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut Checks::default(), found, self.conversation)?;
        let transcript = Query::transcript(self.conversation, self.messages);
        let transcript = view.find(match self.after {
            Some(number) => transcript.after(Cursor::behind_message(number)),
            None => transcript,
        })?;
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
    pub state: TaskState,
    /// The parts of agents that are over, with their wrap-up reasons: the newest [`MAX_LEGS`](crate::model::MAX_LEGS) of them.
    pub legs: Vec<Leg>,
    /// How many messages it has.
    pub total: u32,
    /// Those of its messages that were asked for, oldest first.
    pub messages: Vec<Message>,
}

/// The most conversations that a [`History`] answers.
pub const MAX_HISTORY: usize = 512;

/// How many addresses of a customer are looked at for conversations that are not closed.
const ADDRESSES: usize = 64;

impl History {
    /// A customer's newest conversations, so many at most, with so many messages of each.
    #[must_use]
    pub const fn new(customer: CustomerId, conversations: usize, messages: usize) -> Self {
        Self { customer, after: None, conversations, messages }
    }

    /// The same question for what is older than a conversation.
    #[must_use]
    pub const fn after(mut self, conversation: ConversationId) -> Self {
        self.after = Some(conversation);
        self
    }
}

impl Question for History {
    type Answer = Vec<ConversationSummary>;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        self.after.map(Key::conversation).into_iter().collect()
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
    /// The customer's conversations, the newest first: the closed ones as they are listed, and in their places among them those
    /// that are not closed, to which the customer's contacts lead.
    fn conversations<'v>(&self, view: &'v View) -> Result<Vec<&'v Arc<Conversation>>, Stop> {
        let limit = self.conversations.min(MAX_HISTORY);
        let after = self.after.map(|last| place_of(view, last)).transpose()?;
        let closed = Query::history(&self.customer, limit);
        let closed = view.find(match after {
            Some(after) => closed.after(after),
            None => closed,
        });
        let addresses = view.find(Query::addresses(&self.customer, ADDRESSES));
        let (closed, addresses) = (closed?, addresses?);
        view.want(closed.iter().chain(addresses).map(|entry| entry.key))?;
        let open = open_at(view, addresses)?;
        view.want(open.iter().copied())?;
        let keys = closed.iter().map(|entry| entry.key).chain(open);
        let mut newest_first = Vec::new();
        for id in keys.filter_map(Key::as_conversation) {
            let conversation = view.named_conversation(id)?;
            if after.is_none_or(|after| Cursor::in_history(conversation) > after) {
                newest_first.push(conversation);
            }
        }
        newest_first.sort_by_key(|conversation| Cursor::in_history(conversation));
        newest_first.truncate(limit);
        Ok(newest_first)
    }
}

fn place_of(view: &View, id: ConversationId) -> Result<Cursor, Stop> {
    let conversation = rules::known_conversation(&mut Checks::default(), view.conversation(id)?, id)?;
    Ok(Cursor::in_history(conversation))
}

/// The conversations with these addresses that are not closed.
fn open_at(view: &View, addresses: &[Entry]) -> Result<Vec<Key>, Stop> {
    let mut open = Vec::new();
    for entry in addresses {
        if let Some(Record::Contact(contact)) = view.record(entry.key)? {
            open.extend(contact.threads().iter().filter_map(|thread| thread.open).map(Key::conversation));
        }
    }
    Ok(open)
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
        state: conversation.state().clone(),
        legs: conversation.legs().to_vec(),
        total: conversation.messages(),
        messages,
    }
}
