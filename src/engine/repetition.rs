//! How it is noticed that an id was used for another command (B2).

use super::command::Command;
use super::draft::Draft;
use super::stop::{Misuse, Stop};
use super::terms::Context;
use super::view::View;
use crate::model::{CommandId, ConversationId, Key, MessageId};
use crate::record::{Receipt, Record};

/// The records that a command leaves under its own id, one or another of them.
pub(crate) fn traces(command: CommandId) -> [Key; 3] {
    [Key::conversation(ConversationId::of(command)), Key::message(MessageId::of(command)), Key::receipt(command)]
}

/// B2: what this command would leave under its id was not left by another one.
pub(crate) fn unused(view: &View, command: CommandId) -> Result<(), Stop> {
    for trace in traces(command) {
        if view.is_present(trace)? {
            return Err(Misuse::CommandIdReused(command).into());
        }
    }
    Ok(())
}

/// B2: what a command answered the first time, by the receipt that it left.
pub(crate) fn first_outcome<C: Command>(command: &C, receipt: &Receipt) -> Result<C::Output, Stop> {
    let reused = || Stop::from(Misuse::CommandIdReused(receipt.command));
    if receipt.fingerprint != command.fingerprint() {
        return Err(reused());
    }
    receipt.outcome.clone().try_into().map_err(|_| reused())
}

/// B2: leaves a receipt of what a command answers.
pub(crate) fn leave_receipt<C: Command>(cx: &Context<'_>, command: &C, draft: &mut Draft, output: &C::Output) {
    let (fingerprint, outcome) = (command.fingerprint(), output.clone().into());
    let receipt = Receipt { command: cx.command, fingerprint, outcome, at: cx.now };
    draft.put(Record::Receipt(receipt.into()));
}
