//! How it is noticed that an id was used for another command (B2).

use super::stop::{Misuse, Stop};
use super::view::View;
use crate::model::{CommandId, ConversationId, Key, MessageId};

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
