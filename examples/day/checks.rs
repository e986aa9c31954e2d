//! What must hold, whatever happened: the library's catalogue of invariants, its orphan check, and what the day knows itself.

use chrono::TimeDelta;
use outbound::model::{Direction, Key, Slot, Step, TaskState};
use outbound::port::{EventQuery, Store};
use outbound::query::orphans;
use outbound::record::{Envelope, World};
use outbound::refusal::Code;
use outbound::testing::invariant;

use crate::day::Day;
use crate::measure::watch;

/// One look at the whole store.
pub(crate) struct Checked {
    pub(crate) hour: usize,
    pub(crate) what: &'static str,
    pub(crate) records: usize,
    pub(crate) seconds: f64,
    pub(crate) broken: Vec<String>,
}

pub(crate) const OF_THE_RECORDS: &str = "the catalogue over records, index entries and directory; no orphans; screens";
pub(crate) const OF_EVERYTHING: &str =
    "the catalogue over events; deliveries as recorded; nothing refused unexpectedly";

/// How many parts the last look at the events is taken in, so that only one of them is in memory twice.
const PARTS: u8 = 8;

/// Every invariant of records, index entries and directory; no orphans; and the screens show what is there.
pub(crate) fn of_the_records(day: &Day) -> Checked {
    let begun = watch();
    let (store, terms) = (day.centre.desk.store(), day.centre.desk.terms());
    let world = store.world();
    let mut broken: Vec<String> = Vec::new();
    for violations in [
        invariant::check_all(&world),
        invariant::check_directory(&world, terms.directory()),
        invariant::check_entries(&world, &store.entries()),
    ] {
        broken.extend(violations.iter().map(ToString::to_string));
    }
    let found = orphans(&world, terms.directory(), day.now(), TimeDelta::seconds(2));
    broken.extend(found.iter().map(|orphan| format!("{orphan:?}")));
    broken.extend(shown_otherwise(day, &world));
    checked(day, OF_THE_RECORDS, &world, begun.elapsed().as_secs_f64(), broken)
}

/// All of that, and besides: the events make the records, and each message was delivered as its record says.
pub(crate) fn of_everything(day: &Day) -> [Checked; 2] {
    let of_the_records = of_the_records(day);
    let begun = watch();
    let world = day.centre.desk.store().world();
    let mut broken = events_and_records(day, &world);
    broken.extend(delivered_otherwise(day, &world));
    broken.extend(refused_unexpectedly(day));
    broken.extend(day.centre.broken.iter().cloned());
    [of_the_records, checked(day, OF_EVERYTHING, &world, begun.elapsed().as_secs_f64(), broken)]
}

fn checked(day: &Day, what: &'static str, world: &World, seconds: f64, broken: Vec<String>) -> Checked {
    Checked { hour: day.centre.measure.hours.len(), what, records: world.records().count(), seconds, broken }
}

/// What followers of the feed believe is what the records say.
fn shown_otherwise(day: &Day, world: &World) -> Vec<String> {
    let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let digital = |slot: &&Slot| slot.occupant.conversation().is_some();
    let slots = world.presences().map(|presence| presence.slots().iter().filter(digital).count()).sum();
    let open = world.conversations().filter(|conversation| !conversation.is_closed()).count();
    let waiting = world.conversations().filter(|one| matches!(one.state(), TaskState::Queued { .. })).count();
    let unsettled = world.conversations().map(|conversation| conversation.unsettled().len()).sum();
    let pairs = [
        ("slots", day.board.slots, counted(slots)),
        ("waiting tasks", day.board.waiting, counted(waiting)),
        ("unsettled messages", day.board.backlog, counted(unsettled)),
        ("open conversations", counted(day.talks.len()), counted(open)),
    ];
    let wrong = pairs.into_iter().filter(|(_, shown, kept)| shown != kept);
    wrong.map(|(what, shown, kept)| format!("the screens show {shown} {what}, the store has {kept}")).collect()
}

/// B14: the catalogue's checks of the events, part by part: each is about one stream at a time.
fn events_and_records(day: &Day, world: &World) -> Vec<String> {
    let mut broken = Vec::new();
    for part in 0..PARTS {
        let is_of_it = |key: Key| key.bytes().last().is_some_and(|last| last % PARTS == part);
        let kept = world.records().filter(|versioned| is_of_it(versioned.record.key())).cloned();
        let events = all_events(day, |envelope| is_of_it(envelope.stream));
        broken.extend(invariant::check_events(&World::new(kept), &events).iter().map(ToString::to_string));
    }
    broken
}

fn all_events(day: &Day, wanted: impl Fn(&Envelope) -> bool) -> Vec<Envelope> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let Ok(page) = day.centre.desk.store().events(&EventQuery::Feed { after, limit: 4_096 });
        if page.events.is_empty() {
            return events;
        }
        events.extend(page.events.into_iter().filter(|envelope| wanted(envelope)));
        after = page.next;
    }
}

/// B2, B10: every message that came in is there once, and every message whose record says so was taken by the provider.
fn delivered_otherwise(day: &Day, world: &World) -> Vec<String> {
    let mut broken = Vec::new();
    let mut received = 0;
    for message in world.messages() {
        let is_taken = day.provider.taken.contains_key(&message.id());
        // An answer that was lost: the claim lapses, and the message goes again under the same key.
        let is_claimed = matches!(message.delivery().step, Step::Claimed { .. });
        match message.draft().direction {
            Direction::Inbound { .. } => received += 1,
            _ if is_taken != message.delivery().provider.is_some() && !(is_taken && is_claimed) => {
                broken.push(format!("{}: taken {is_taken}, {:?}", message.id(), message.delivery()));
            }
            _ => {}
        }
    }
    if received != day.handed_in {
        broken.push(format!("{} messages came in, {received} are there", day.handed_in));
    }
    broken
}

/// What people do leads to these refusals and to no others.
const EXPECTED: [(Code, &str); 34] = [
    (Code::LicenceNotPremium, "one agent in a hundred has the wrong licence"),
    (Code::AgentIdle, "the state changed while somebody acted"),
    (Code::AgentInRona, "an offer lapsed, and its agent does not know yet"),
    (Code::AgentHoldsWork, "nobody goes home with work in hand"),
    (Code::CapacityFull, "all slots are held"),
    (Code::CapacityOutboundFull, "as many as may be were started"),
    (Code::CapacityBlended, "another kind of work stands against it"),
    (Code::AddressCannotReceiveSms, "a landline was typed"),
    (Code::AddressNotAnEmail, "an address was typed wrong"),
    (Code::ConsentOptedOut, "the customer wrote STOP"),
    (Code::ConsentSuppressed, "the provider said that nobody is there"),
    (Code::ConversationExists, "somebody talks to the customer"),
    (Code::ConversationHeld, "what was to be taken over has a holder"),
    (Code::HandoverPending, "somebody else asked for it before"),
    (Code::ConversationClosed, "it was closed before the request to hand it over was answered"),
    (Code::TaskNotYours, "it was handed over while its agent wrote"),
    (Code::TaskNotActive, "its holder let go of it before"),
    (Code::TaskFrozen, "a transfer of it waits for an answer"),
    (Code::HandoverNotAsked, "the request lapsed before"),
    (Code::SubjectUsed, "one subject for everybody"),
    (Code::CustomerWroteMeanwhile, "the agent did not look up while typing"),
    (Code::OfferNotPending, "the offer was answered or taken back before"),
    (Code::OfferLapsed, "the answer came too late"),
    (Code::TransferPending, "another transfer of the same agent waits for an answer"),
    (Code::TransferNotPending, "the target was faster than the sender's second thought"),
    (Code::TargetNotAvailable, "whom the router or the sender meant is not Available"),
    (Code::TargetSignedOut, "whom the sender meant went home"),
    (Code::TargetBlended, "whom the router or the sender meant does something that stands against it"),
    (Code::TargetWrapsUp, "whom the router or the sender meant owes a wrap-up of it"),
    (Code::TargetFull, "whom the router or the sender meant holds all slots"),
    (Code::QueueEmpty, "somebody else was faster"),
    (Code::QueueNoAgent, "all of the team are busy"),
    (Code::InteractionUnknown, "its agent had left, and the call was let go"),
    (Code::WrapUpNotOwed, "the default reason was taken: it was too late, or the agent had left"),
];

pub(crate) fn why_expected(code: &Code) -> Option<&'static str> {
    EXPECTED.iter().find(|(known, _)| known == code).map(|(_, why)| *why)
}

fn refused_unexpectedly(day: &Day) -> Vec<String> {
    let kinds = day.centre.measure.kinds.values();
    let refused = kinds.flat_map(|kind| kind.refused.iter().map(|(code, times)| (kind.name, code, times)));
    let unexpected = refused.filter(|(_, code, _)| why_expected(code).is_none());
    unexpected.map(|(name, code, times)| format!("{name} was refused with {code} {times} times")).collect()
}
