//! A text message that comes in: which conversation is it of, and the whole of receiving it.

use outbound::command::ReceiveMessage;
use outbound::engine::{Context, Question, Stop, View};
use outbound::model::{Address, Body, CommandId, ConversationId, EntryPointId, Key, ProviderId, Recipient};

use crate::by_hand;
use crate::centre::{Centre, Outcome, address, command_id, none};
use crate::measure::{Pieces, Scale};
use crate::table::{Unit, heading, row};

/// Which conversation is open with an address at an entry point?
struct Open {
    address: Address,
    entry_point: EntryPointId,
}

impl Question for Open {
    type Answer = Option<ConversationId>;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::contact(&self.address)]
    }

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<Self::Answer, Stop> {
        let thread = view.contact(&self.address)?.and_then(|contact| contact.thread(&self.entry_point));
        Ok(thread.and_then(|thread| thread.open))
    }
}

/// Spreads numbers, so that neighbours are not asked for one after the other.
const fn spread(number: u32, among: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b1) % among
}

pub(crate) fn run(scale: Scale) -> Outcome {
    let threads = scale.pick(1_000, 100_000, 1_000_000);
    let each = scale.pick(200, 5_000, 5_000);
    heading(&format!("SMS to its conversation, among {threads} threads"), "floor");
    let (floor, library) = (by_hand::centre::Centre::with_agents(0), Centre::with_agents(0)?);
    for from in (0..threads).step_by(10_000) {
        for number in from..threads.min(from + 10_000) {
            let (id, message) = prepare(number, number)?;
            none("messages were lost by the floor", usize::from(by_floor(&floor, number, number).is_none()))?;
            library.desk.run(id, &message)?;
        }
    }
    let mut found = [(); 4].map(|()| Pieces::default());
    for piece in 0..20 {
        let numbers =
            || (0..each).map(|number| (threads + piece * each + number, spread(piece * each + number, threads)));
        let entry_point: EntryPointId = "sms".parse()?;
        let open = |(_, of): (u32, u32)| -> Outcome<_> {
            Ok(Open { address: address(of)?, entry_point: entry_point.clone() })
        };
        let questions = numbers().map(open).collect::<Outcome<Vec<_>>>()?;
        let messages = numbers().map(|(number, of)| prepare(number, of)).collect::<Outcome<Vec<_>>>()?;
        let [look_up, ask, put, receive] = &mut found;
        let looked_up = || numbers().filter(|(_, of)| floor.open(by_hand::centre::address(*of), 1).is_none()).count();
        none("look-ups failed by the floor", look_up.add(each, looked_up))?;
        let asked = || questions.iter().filter(|open| !matches!(library.desk.ask(*open), Ok(Some(_)))).count();
        none("look-ups failed", ask.add(each, asked))?;
        let put_in = || numbers().filter(|(number, of)| by_floor(&floor, *number, *of).is_none()).count();
        none("messages were lost by the floor", put.add(each, put_in))?;
        let received = || messages.iter().filter(|(id, message)| library.desk.run(*id, message).is_err()).count();
        none("messages were lost", receive.add(each, received))?;
    }
    let [look_up, ask, put, receive] = found.map(|pieces| pieces.median());
    row("by its address, asked of the store", Unit::Nanoseconds, look_up, ask, None);
    row("received: written down in its conversation", Unit::Nanoseconds, put, receive, None);
    Ok(())
}

/// What every customer writes.
pub(crate) const TEXT: &str = "Thank you, that is what I was looking for. When will it arrive?";

/// A message from one customer.
pub(crate) fn prepare(number: u32, from: u32) -> Outcome<(CommandId, ReceiveMessage)> {
    let from: Recipient = address(from)?.into();
    let provider = ProviderId::parse(&provider(number))?;
    let (entry_point, body) = ("sms".parse()?, Body::Text(TEXT.to_owned().into()));
    let (customer, subject, attachments, mail, report) = (None, None, Vec::new(), None, None);
    let message = ReceiveMessage { entry_point, from, provider, customer, subject, body, attachments, mail, report };
    Ok((command_id(5, number), message))
}

/// The same message, as the floor gets it.
pub(crate) fn by_floor(floor: &by_hand::centre::Centre, number: u32, from: u32) -> Option<u128> {
    floor.receive(number, by_hand::centre::address(from), &provider(number), TEXT)
}

fn provider(number: u32) -> String {
    format!("SM{number:032x}")
}
