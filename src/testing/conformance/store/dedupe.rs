//! One outcome per command id: real commands, repeated.

use crate::command::{ReceiveMessage, SendMessage, StartOutbound};
use crate::model::{Channel, Wording};
use crate::record::World;
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::floor::Floor;
use crate::testing::conformance::story::start;
use crate::testing::{events_of, world_of};

const RITA: &str = "+351912345678";

pub(in super::super) fn answers_a_repetition_as_at_first(bench: &Bench<'_>) -> Result<(), Finding> {
    let floor = Floor::staffed(bench.fresh().open())?;
    let (first, second, third) = (floor.id(), floor.id(), floor.id());
    let start = StartOutbound::new("ana".try_into()?, Channel::Sms, "sms".try_into()?, RITA);
    let started = floor.desk.run(first, &start)?;
    let send = SendMessage::new("ana".try_into()?, started.conversation, Wording::text("hello"));
    let sent = floor.desk.run(second, &send)?;
    let receive = ReceiveMessage::text("sms".try_into()?, RITA, "in-1".try_into()?, "yes");
    let received = floor.desk.run(third, &receive)?;
    let before = (world_of(floor.store())?, events_of(floor.store())?);
    ensure!(floor.desk.run(first, &start)? == started, "a repeated start was answered otherwise");
    ensure!(floor.desk.run(second, &send)? == sent, "a repeated sending was answered otherwise");
    ensure!(floor.desk.run(third, &receive)? == received, "a repeated reception was answered otherwise");
    let after = (world_of(floor.store())?, events_of(floor.store())?);
    ensure!(before == after, "a repetition changed something");
    Ok(())
}

pub(in super::super) fn does_once_what_is_asked_at_once(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let floor = Floor::staffed(place.open())?;
    let conversation = start(&floor, RITA)?;
    let desks: Vec<_> = (0..3).map(|_| floor.desk_over(place.another(floor.store()))).collect();
    for round in 1..=10 {
        let (id, send) = (floor.id(), SendMessage::new("ana".try_into()?, conversation, Wording::text("hello")));
        let run = |desk| {
            let (desk, send): (&crate::desk::Desk<_, _>, _) = (desk, &send);
            work(move || desk.run(id, send))
        };
        let mut answers = Vec::new();
        for outcome in bench.together(desks.iter().map(run).collect())? {
            answers.push(outcome?);
        }
        answers.dedup();
        ensure!(answers.len() == 1, "one command, asked three times at once, was answered as {answers:?}");
        let world = world_of(floor.store())?;
        let messages = world.messages().count();
        ensure!(messages == round, "{round} commands, each asked three times at once, made {messages} messages");
        let told = World::from_events(&events_of(floor.store())?);
        ensure!(told == world.with_history(), "what was asked three times at once is not what the events tell");
    }
    Ok(())
}
