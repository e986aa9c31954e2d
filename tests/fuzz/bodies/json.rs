//! What is written down as JSON: the set-up, templates, records, events, commands, quiet hours.
//!
//! An input is a document, which may be followed by a zero byte and by edits: three bytes each, that change one value in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command as c;
use outbound::directory::{Directory, Setup};
use outbound::engine::Changes;
use outbound::hours::{
    CapReached, Caps, FixedZones, IanaZones, NumberZones, Opening, QuietHours, RecentSends, ZoneId, Zones,
};
use outbound::model::{Dispatch, SendResult, Template, TemplateSource};
use outbound::query::orphans;
use outbound::record::{Cursor as Page, Entry, Envelope, Event, Outcome, Query, Record, Versioned, World};
use outbound::refusal::{Language, Refusals};
use outbound::testing::invariant::{check_all, check_events};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cursor::Cursor;

/// A set-up: a directory is made of it or its problems are told, and it is written as it was read.
pub fn setup(data: &[u8]) {
    let json = edited(data);
    let Some(setup) = encodes_as_decoded::<Setup>(&json) else { return };
    match Directory::new(setup.clone()) {
        Ok(directory) => {
            assert_eq!(directory.setup(), &setup);
            let own = |agent: &outbound::directory::Agent| directory.agent(agent.id()).is_some();
            assert!(directory.agents().all(own));
            directory.agents().for_each(|agent| {
                let _ = directory.profile_for(agent, None);
            });
            directory
                .queues()
                .for_each(|queue| assert!(directory.agents_of(queue).count() <= directory.agents().count()));
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
}

/// A template's source: it is parsed and filled in, with no gap left open.
pub fn template(data: &[u8]) {
    let Some(source) = encodes_as_decoded::<TemplateSource>(&edited(data)) else { return };
    let template = match Template::parse(&source) {
        Ok(template) => template,
        Err(error) => return assert!(error.problems().len() > 0 && !error.to_string().is_empty()),
    };
    let names = || template.variables().iter().map(|variable| variable.name.clone());
    let _ = template.render(&BTreeMap::new());
    let full: BTreeMap<String, String> = names().map(|name| (name, "\u{e000}<&>\"'".to_owned())).collect();
    match template.render(&full) {
        Ok(rendered) => {
            // A source that holds the mark itself would be taken for a value.
            let told = template.is_html() && !encoded(&source).contains('\u{e000}');
            let escaped = !told || !rendered.body.contains("\u{e000}<");
            assert!(escaped, "a value is not escaped: {rendered:?}");
            assert_eq!(rendered.subject.is_some(), template.has_subject());
        }
        Err(error) => panic!("all values are given: {error}"),
    }
}

/// What stores and hosts keep: every kind is written as it was read, and whatever was read is looked at.
pub fn stored(data: &[u8]) {
    let json = edited(data);
    macro_rules! all {
        ($($kind:ty),* $(,)?) => { $(let _ = encodes_as_decoded::<$kind>(&json);)* };
    }
    all!(
        Outcome,
        Changes,
        Dispatch,
        SendResult,
        Query,
        Page,
        Versioned,
        c::Accept,
        c::AnswerHandover,
        c::BeginInteraction,
        c::CancelTransfer,
        c::ClaimDispatch,
        c::Close,
        c::Conference,
        c::Decline,
        c::EndInteraction,
        c::ExtendWrapUp,
        c::FireDue,
        c::Park,
        c::ReceiveMessage,
        c::RecordAttempt,
        c::RecoverFromRona,
        c::Rehome,
        c::ReportDelivery,
        c::RetryMessage,
        c::RouteNext,
        c::SendMessage,
        c::SetConsent,
        c::SetState,
        c::SetZone,
        c::SignIn,
        c::SignOut,
        c::StartOutbound,
        c::Transfer,
        c::TriggerWorkflow,
        c::Wake,
        c::WrapUp,
    );
    if let Some(refusals) = encodes_as_decoded::<Refusals>(&json) {
        let _ = refusals.report(Language::English);
    }
    if let Some(entry) = encodes_as_decoded::<Entry>(&json) {
        let _ = entry.cursor();
    }
    if let Some(record) = encodes_as_decoded::<Record>(&json) {
        let _ = Entry::of(&record);
        look_at(&World::new([Versioned { version: outbound::record::Version(1), record }]), &[]);
    }
    let _ = encodes_as_decoded::<Event>(&json).map(|event| event.name());
    if let Some(envelope) = encodes_as_decoded::<Envelope>(&json) {
        look_at(&World::from_events([&envelope]), &[envelope]);
    }
}

/// Whatever it is, no check panics on it.
fn look_at(world: &World, events: &[Envelope]) {
    let _ = (check_all(world), check_events(world, events));
    let _ = orphans(world, super::commands::directory(), DateTime::UNIX_EPOCH, TimeDelta::zero());
}

static NUMBERS: LazyLock<NumberZones> = LazyLock::new(NumberZones::new);

/// Quiet hours: what is said to be open is not quiet, what is said to be quiet opens later.
pub fn hours(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let at = instant(&mut cursor);
    let zones: Vec<ZoneId> = (0..cursor.below(4)).filter_map(|_| zone(&mut cursor)).collect();
    let table: &dyn Zones = if cursor.flag() { &IanaZones } else { &FixedZones };
    let number = cursor.text();
    let _ = (NUMBERS.of_mobile(&number), NUMBERS.of_place(&number), NUMBERS.of_calling_code(&number));
    let Some(quiet) = encodes_as_decoded::<QuietHours>(&edited(cursor.rest())) else { return };
    let opens = quiet.opening(&zones, table, at);
    assert_eq!(opens == Opening::Now, quiet.quiet_at(&zones, table, at).is_none(), "{quiet:?} {zones:?} {at}");
    if let Opening::At(opens) = opens {
        assert!(opens > at && quiet.quiet_at(&zones, table, opens).is_none(), "{quiet:?} {zones:?} {at} {opens}");
    }
    if let Some(until) = quiet.allowed_until(&zones, table, at) {
        assert!(quiet.quiet_at(&zones, table, until).is_some(), "{quiet:?} {zones:?} {at} {until}");
    }
}

/// Frequency caps: a send is held up exactly until the instant that is told.
pub fn caps(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let (mut at, mut recent) = (instant(&mut cursor), RecentSends::new());
    let waits: [u8; 24] = cursor.array();
    let Some(caps) = encodes_as_decoded::<Caps>(&edited(cursor.rest())) else { return };
    for wait in waits {
        at = at.checked_add_signed(TimeDelta::seconds(i64::from(wait).pow(3))).unwrap_or(at);
        if let Some(CapReached { cap, used, next }) = caps.next_allowed(&recent, at) {
            let before = next - TimeDelta::nanoseconds(1);
            let is_first = caps.next_allowed(&recent, next).is_none() && caps.next_allowed(&recent, before).is_some();
            let is_end_of_time = next == DateTime::<Utc>::MAX_UTC;
            assert!(is_end_of_time || (next > at && is_first), "{caps:?} {recent:?} {at} {next}");
            assert!(used >= usize::from(cap.count()), "{caps:?} {recent:?} {at}");
        }
        // Two sends of three keep to the caps; the third is another's, and counts as well.
        if wait % 3 == 0 || caps.next_allowed(&recent, at).is_none() {
            recent.record(&caps, at);
        }
        let most = caps.as_slice().iter().map(|cap| usize::from(cap.count())).max().unwrap_or(0);
        assert!(recent.as_slice().len() <= most && recent.as_slice().is_sorted(), "{caps:?} {recent:?}");
    }
}

/// Any instant: mostly of our days, now and then any that there is.
fn instant(cursor: &mut Cursor<'_>) -> DateTime<Utc> {
    let ours = cursor.byte() % 8 != 7;
    let (any, nanos) = (i64::from_le_bytes(cursor.array()), u32::from(cursor.byte()) * 7_800_000);
    let seconds = if ours { 1_700_000_000 + any % 200_000_000 } else { any % 9_000_000_000_000 };
    match DateTime::from_timestamp(seconds, nanos) {
        Some(at) => at,
        None if seconds < 0 => DateTime::<Utc>::MIN_UTC,
        None => DateTime::<Utc>::MAX_UTC,
    }
}

fn zone(cursor: &mut Cursor<'_>) -> Option<ZoneId> {
    const NAMES: [&str; 8] = [
        "UTC",
        "Europe/Lisbon",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "-12:00",
        "+14:00",
        "Nowhere",
    ];
    let named = cursor.one_of(&NAMES);
    let text = cursor.text();
    ZoneId::parse(if text.is_empty() { named? } else { &text }).ok()
}

/// Reads a value; where it can be read, it is written and read back as the same.
pub(super) fn encodes_as_decoded<T: DeserializeOwned + Serialize>(json: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(json).ok()?;
    let once = encoded(&value);
    match serde_json::from_str::<T>(&once) {
        Ok(again) => assert_eq!(encoded(&again), once),
        Err(error) => panic!("{once}: {error}"),
    }
    Some(value)
}

fn encoded<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| panic!("it is not written: {error}"))
}

/// Edits that repeat what edits repeated grow without bound.
const MAX_EDITED_BYTES: usize = 1 << 16;

/// The document, with its edits made.
fn edited(data: &[u8]) -> Vec<u8> {
    let mut halves = data.splitn(2, |byte| *byte == 0);
    let document = halves.next().unwrap_or_default();
    let (Some(edits), Ok(mut value)) = (halves.next(), serde_json::from_slice::<Value>(document)) else {
        return document.to_vec();
    };
    for edit in edits.chunks_exact(3).take(32) {
        let mut cursor = Cursor::new(edit);
        let mut left = usize::from(cursor.byte());
        edit_nth(&mut value, &mut left, &mut cursor);
        if encoded(&value).len() > MAX_EDITED_BYTES {
            break;
        }
    }
    encoded(&value).into_bytes()
}

/// Changes the n-th value, counted from the outside; true where it was found.
fn edit_nth(value: &mut Value, left: &mut usize, edit: &mut Cursor<'_>) -> bool {
    let Some(fewer) = left.checked_sub(1) else {
        changed(value, edit);
        return true;
    };
    *left = fewer;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| edit_nth(item, left, edit)),
        Value::Object(fields) => fields.values_mut().any(|field| edit_nth(field, left, edit)),
        _ => false,
    }
}

fn changed(value: &mut Value, edit: &mut Cursor<'_>) {
    let (how, with) = (edit.below(10), edit.byte());
    match (how, &mut *value) {
        (0, _) => *value = Value::Null,
        (1, _) => *value = with.into(),
        (2, _) => *value = (-i64::from(with)).into(),
        (3, _) => *value = (u64::MAX >> (with % 64)).into(),
        (4, _) => *value = char::from(with).to_string().into(),
        (5, Value::String(text)) => text.push(char::from(with)),
        (5, _) => *value = (with % 2 == 0).into(),
        (6, Value::Object(fields)) => {
            let name = fields.keys().nth(usize::from(with) % fields.len().max(1)).cloned();
            let _ = name.and_then(|name| fields.remove(&name));
        }
        (7, Value::Object(fields)) => _ = fields.insert(char::from(with).to_string(), Value::Null),
        (6, Value::Array(items)) => items.truncate(usize::from(with) % (items.len() + 1)),
        (7, Value::Array(items)) => {
            let again = items.get(usize::from(with).checked_rem(items.len()).unwrap_or(0)).cloned();
            items.extend(again);
        }
        (8, _) => *value = Value::Array(vec![value.clone(); usize::from(with) % 4]),
        (_, Value::String(text)) => *text = text.repeat(usize::from(with) % 9),
        _ => {}
    }
}
