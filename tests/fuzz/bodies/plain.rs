//! Plain text: text messages, keywords, ids.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use outbound::directory::search::{fold, matches};
use outbound::hours::{ClockTime, ZoneId};
use outbound::model::{
    AgentId, CommandId, ConversationId, CustomerId, EntryPointId, IdleReasonId, InteractionId, Key, MessageId, OfferId,
    OrganizationId, ProfileId, ProviderId, QueueId, Reason, SiteId, TaskId, TeamId, TemplateId, WorkflowId,
    WrapUpReasonId,
};
use outbound::sms::{Encoding, Keyword, Keywords, Segments, forced, is_gsm7, parts, plainer, replaced};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A text message: its parts join to it, and its plainer form is as plain as it gets.
pub fn sms(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let segments = Segments::of(&text);
    assert_eq!(segments.parts().concat(), text);
    assert!(parts(&text).eq(segments.parts().iter().map(String::as_str)));
    assert_eq!(segments.encoding() == Encoding::Gsm7, is_gsm7(&text));
    let limit = match segments.count() {
        1 => segments.encoding().single_limit(),
        _ => segments.encoding().part_limit(),
    };
    for part in segments.parts() {
        let alone = Segments::of(part);
        let units = if segments.encoding() == Encoding::Ucs2 { part.encode_utf16().count() } else { alone.units() };
        assert!(units <= limit, "{units} units in a part");
    }
    let found = forced(&text);
    assert_eq!(found.is_empty(), is_gsm7(&text));
    let plain = replaced(&text);
    assert_eq!(replaced(&plain), plain, "replaced again");
    assert_eq!(is_gsm7(&plain), found.iter().all(|it| it.replacement.is_some()));
    assert_eq!(plainer(&text).map(|plainer| plainer.text), (plain != text).then_some(plain));
    for it in found {
        let _ = it.to_string();
    }
}

/// A keyword: what a host adds is known, and what it takes away no more.
pub fn keywords(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut keywords = Keywords::standard();
    let _ = keywords.of(&text);
    for means in [Keyword::OptOut, Keyword::OptIn] {
        if keywords.add(&text, means).is_ok() {
            assert_eq!(keywords.of(&text), Some(means));
            assert!(keywords.remove(&text));
            assert_eq!(keywords.of(&text), None);
        }
    }
}

/// A search: folded once is folded for good, and everything finds itself, whatever its case.
pub fn search(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, typed) = text.split_once('\n').unwrap_or((&text, &text));
    let folded = fold(name);
    assert_eq!(fold(&folded), folded);
    assert!(matches(name, name) && matches(&folded, name) && matches(name, &folded), "{name:?}");
    assert!(matches(&name.to_uppercase(), name) && matches(name, &name.to_lowercase()), "{name:?}");
    assert_eq!(matches(name, typed), matches(&folded, &fold(typed)), "{name:?} {typed:?}");
}

/// Every kind of id: what parses is written as itself, and read back.
pub fn ids(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    macro_rules! all {
        ($check:ident: $($id:ty),*) => {
            for check in [$($check::<$id>),*] {
                check(&text);
            }
        };
    }
    all!(of_the_host: AgentId, CustomerId, EntryPointId, IdleReasonId, InteractionId, OrganizationId, ProfileId, ProviderId,
        QueueId, SiteId, TeamId, TemplateId, WorkflowId, WrapUpReasonId);
    all!(parsed: CommandId, ConversationId, MessageId, OfferId, TaskId);
    all!(as_json: AgentId, CommandId, ConversationId, Key, Reason, ZoneId, ClockTime);
    if let Ok(reason) = Reason::parse(&text) {
        assert_eq!(Reason::parse(reason.as_str()), Ok(reason));
    }
    if let Ok(zone) = ZoneId::parse(&text) {
        assert_eq!(ZoneId::parse(zone.as_str()), Ok(zone));
    }
    if let Ok(time) = ClockTime::parse(&text) {
        assert!(time.minutes() <= 24 * 60);
    }
}

fn of_the_host<T: FromStr<Err: Debug> + Display + PartialEq + Debug>(text: &str) {
    parsed::<T>(text);
    if let Ok(id) = text.parse::<T>() {
        assert_eq!(id.to_string(), text, "a host's id is kept as it is");
    }
}

fn parsed<T: FromStr<Err: Debug> + Display + PartialEq + Debug>(text: &str) {
    if let Ok(id) = text.parse::<T>() {
        assert_eq!(id.to_string().parse::<T>().ok().as_ref(), Some(&id));
    }
}

fn as_json<T: DeserializeOwned + Serialize>(text: &str) {
    if let Ok(written) = serde_json::to_string(text) {
        super::json::encodes_as_decoded::<T>(written.as_bytes());
    }
}
