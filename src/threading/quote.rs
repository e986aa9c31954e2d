//! What an e-mail names: the look-ups that have to be made before it can be bound (B7).

use uuid::Uuid;

use crate::mail::{MailHeaders, MailId, OwnId, ThreadingKeys, ends_of};
use crate::model::{MessageId, Via};

/// The most that one mail may have looked up; what is nearest to it comes first.
pub const MAX_QUOTES: usize = 32;

/// One thing that an e-mail names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// How it names it.
    pub via: Via,
    /// What it names.
    pub names: Names,
}

/// What an e-mail names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// A message of ours, by an id that nobody else can make.
    Own(MessageId),
    /// Something in the form of ours that does not hold here.
    NotValidHere,
    /// A Message-ID, perhaps a known one.
    Id(MailId),
}

/// What an e-mail names, the strongest first: reply tokens, own Message-IDs, In-Reply-To, References from the newest on.
///
/// `scope` is where own ids hold: the organization and the entry point that the mail reached, as
/// [`Directory::threading_scope`](crate::directory::Directory::threading_scope) gives them to a desk.
#[must_use]
pub fn quotes(headers: &MailHeaders, keys: Option<&ThreadingKeys>, scope: &[u8]) -> Vec<Quote> {
    let tokens = headers.destinations().map(|address| match keys {
        Some(keys) => (Via::ReplyToken, None, keys.read_reply_address(scope, address)),
        None => (Via::ReplyToken, None, OwnId::Foreign),
    });
    let named = ends_of(&headers.in_reply_to).map(|id| (Via::InReplyTo, id));
    let ids = named.chain(ends_of(&headers.references).rev().map(|id| (Via::References, id))).map(|(via, id)| {
        let own = keys.map_or(OwnId::Foreign, |keys| keys.read_message_id(scope, id));
        (if own == OwnId::Foreign { via } else { Via::OwnMessageId }, Some(id), own)
    });
    let mut quotes: Vec<Quote> = Vec::new();
    for (via, id, own) in tokens.chain(ids) {
        let names = match (own, id) {
            (OwnId::Ours(bits), _) => Names::Own(MessageId::from(Uuid::from_bytes(bits))),
            (OwnId::NotHere, _) => Names::NotValidHere,
            (OwnId::Foreign, Some(id)) => Names::Id(id.clone()),
            (OwnId::Foreign, None) => continue,
        };
        if !quotes.iter().any(|quote| quote.names == names && quote.via <= via) {
            quotes.push(Quote { via, names });
        }
    }
    quotes.sort_by_key(|quote| quote.via);
    quotes.truncate(MAX_QUOTES);
    quotes
}
