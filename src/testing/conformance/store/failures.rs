//! Unknown outcomes: the same command under the same id is done once, whatever became of its commit.

use crate::command::StartOutbound;
use crate::desk::Audit;
use crate::memory::MemoryStore;
use crate::model::Channel;
use crate::port::ErasedStore;
use crate::testing::conformance::bench::Bench;
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::floor::Floor;
use crate::testing::conformance::harness::Break;
use crate::testing::conformance::story::tell;
use crate::testing::faults::{FaultyStore, Odds};
use crate::testing::{events_of, world_of};

pub(in super::super) fn applied_and_unheard(bench: &Bench<'_>) -> Result<(), Finding> {
    tells_the_same(bench, Odds { unknown_but_applied: 128, ..Odds::default() })
}

pub(in super::super) fn not_applied_and_unheard(bench: &Bench<'_>) -> Result<(), Finding> {
    tells_the_same(bench, Odds { unknown_not_applied: 128, ..Odds::default() })
}

pub(in super::super) fn mixed_with_conflicts(bench: &Bench<'_>) -> Result<(), Finding> {
    tells_the_same(bench, Odds::ROUGH)
}

/// However often outcomes are not heard, the story leaves the same records and events.
fn tells_the_same(bench: &Bench<'_>, odds: Odds) -> Result<(), Finding> {
    let memory = MemoryStore::new();
    told(ErasedStore::new(memory.clone()))?;
    for seed in 0..4 {
        let store = bench.fresh().open();
        told(ErasedStore::new(FaultyStore::new(store.clone(), seed, odds)))?;
        ensure!(world_of(&store)? == memory.world(), "seed {seed}: the records are not those of an undisturbed run");
        let by_stream = |mut events: Vec<crate::record::Envelope>| {
            events.sort_by_key(|envelope| (envelope.stream, envelope.sequence));
            events
        };
        let (events, expected) = (by_stream(events_of(&store)?), by_stream(memory.all_events()));
        ensure!(events == expected, "seed {seed}: the events are not those of an undisturbed run");
    }
    Ok(())
}

/// The story, without the writing down of refusals, which is not tried again.
fn told(store: ErasedStore) -> Result<(), Finding> {
    let floor = Floor::over(store)?.with_audit(Audit::None);
    floor.sign_in()?;
    tell(&floor)
}

pub(in super::super) fn broken_commits_are_done_once(bench: &Bench<'_>) -> Result<(), Finding> {
    for how in [Break::Before, Break::After] {
        let place = bench.fresh();
        let floor = Floor::staffed(place.open())?;
        let start = StartOutbound::new("ana".try_into()?, Channel::Sms, "sms".try_into()?, "+351912345678");
        let id = floor.id();
        place.break_next_commit(how);
        // The driver may get over it by itself; if not, whoever asks again does, on another connection.
        let first = floor.desk.run(id, &start);
        let again = floor.desk_over(place.open()).run(id, &start)?;
        let agrees = first.as_ref().map_or(true, |first| *first == again);
        ensure!(agrees, "one command was answered as {first:?} and as {again:?}, after a commit that broke ({how:?})");
        let conversations = world_of(&place.open())?.conversations().count();
        ensure!(
            conversations == 1,
            "one start made {conversations} conversations, after a commit that broke ({how:?})"
        );
    }
    Ok(())
}
