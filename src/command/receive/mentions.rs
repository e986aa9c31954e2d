//! What an e-mail names, and the messages and conversations that this leads to (B7).

use crate::command::mail_names::name_of;
use crate::directory::EntryPoint;
use crate::engine::{Stop, View};
use crate::mail::MailId;
use crate::model::{Conversation, ConversationId, EntryPointId, Key, Message, MessageId, ProviderId, Relation, Via};
use crate::record::{Record, Reference};
use crate::threading::{Clue, Lead};

/// Something that an e-mail names.
pub(super) struct Mention {
    pub(super) via: Via,
    pub(super) what: Mentioned,
}

/// What can be named.
pub(super) enum Mentioned {
    /// A message of ours.
    Own(MessageId),
    /// A mail, and whether it is what this one answers or where everything began.
    Mail { name: Name, is_end: bool },
    /// What looks like ours, and is forged or carried over from elsewhere.
    NotValidHere,
}

/// What a mail is known by, and the record that is kept under it.
pub(super) struct Name {
    pub(super) provider: ProviderId,
    pub(super) key: Key,
}

/// Something that an e-mail names, and the message that it leads to.
pub(super) struct Named<'v> {
    via: Via,
    leads: Leads<'v>,
}

/// Where it leads.
enum Leads<'v> {
    To(&'v Message, &'v Conversation),
    NotValidHere,
    Nowhere,
}

impl Mention {
    /// The record by which it is followed.
    pub(super) fn key(&self) -> Option<Key> {
        match &self.what {
            Mentioned::Own(message) => Some(Key::message(*message)),
            Mentioned::Mail { name, .. } => Some(name.key),
            Mentioned::NotValidHere => None,
        }
    }

    /// The message that is meant.
    fn message(&self, view: &View) -> Result<Option<MessageId>, Stop> {
        match &self.what {
            Mentioned::Own(message) => Ok(Some(*message)),
            Mentioned::Mail { name, .. } => {
                Ok(reference(view, name.key)?.and_then(|known| known.message.or(known.named_by)))
            }
            Mentioned::NotValidHere => Ok(None),
        }
    }

    fn leads<'v>(&self, view: &'v View, message: Option<&'v Message>) -> Result<Leads<'v>, Stop> {
        Ok(match (&self.what, message) {
            (Mentioned::NotValidHere, _) => Leads::NotValidHere,
            (_, None) => Leads::Nowhere,
            (_, Some(message)) => match conversation(view, message.conversation())? {
                Some(conversation) => Leads::To(message, conversation),
                None => Leads::Nowhere,
            },
        })
    }
}

impl Name {
    /// The key stays a digest that nobody finds a second text for: strangers choose these ids, and one made to fall on the key of
    /// another's mail would have that taken for one that came before.
    pub(super) fn of(entry_point: &EntryPointId, id: &MailId) -> Self {
        let provider = name_of(id);
        let key = Key::reference(entry_point, &provider);
        Self { provider, key }
    }
}

impl Named<'_> {
    /// Whether it is a message that we sent.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self.leads, Leads::To(message, _) if !message.is_inbound())
    }

    /// What it says about where the mail belongs.
    pub(super) fn clue(
        &self,
        reached: &EntryPoint,
        relate: impl Fn(&Message, &Conversation) -> (Relation, bool),
    ) -> Clue {
        let via = self.via;
        match self.leads {
            Leads::NotValidHere => Clue::NotValidHere { via },
            Leads::Nowhere => Clue::Unknown { via },
            Leads::To(message, conversation) => {
                let (relation, same_subject) = relate(message, conversation);
                let same_entry_point = message.draft().entry_point == *reached.id();
                let (conversation, message) = (conversation.id(), Some(message.id()));
                Clue::Leads { via, to: Lead { conversation, message, same_entry_point, relation, same_subject } }
            }
        }
    }
}

/// What mentions lead to; it is asked for in three steps, however many there are.
pub(super) fn follow<'v>(mentions: &[Mention], view: &'v View) -> Result<Vec<Named<'v>>, Stop> {
    view.want(mentions.iter().filter_map(Mention::key))?;
    let ids: Vec<_> = mentions.iter().map(|mention| mention.message(view)).collect::<Result<_, _>>()?;
    view.want(ids.iter().flatten().copied().map(Key::message))?;
    let found = ids.into_iter().map(|id| id.map_or(Ok(None), |id| view.glimpse_message(id)));
    let messages: Vec<Option<&Message>> = found.collect::<Result<_, _>>()?;
    view.want(messages.iter().flatten().map(|message| Key::conversation(message.conversation())))?;
    let named = mentions.iter().zip(messages);
    named.map(|(mention, message)| Ok(Named { via: mention.via, leads: mention.leads(view, message)? })).collect()
}

pub(super) fn reference(view: &View, key: Key) -> Result<Option<&Reference>, Stop> {
    Ok(match view.glimpse(key)? {
        Some(Record::Reference(reference)) => Some(reference),
        _ => None,
    })
}

fn conversation(view: &View, id: ConversationId) -> Result<Option<&Conversation>, Stop> {
    Ok(match view.glimpse(Key::conversation(id))? {
        Some(Record::Conversation(conversation)) => Some(conversation),
        _ => None,
    })
}
