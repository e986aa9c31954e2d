//! From where a conversation starts: an entry point of its channel (R16, R17).

use super::{Checks, Refused};
use crate::directory::{Directory, EntryPoint};
use crate::model::{Channel, EntryPointId};
use crate::refusal::{Code, Fact};

/// R17: an entry point of the channel is configured at all.
fn some_entry_point(checks: &mut Checks, directory: &Directory, channel: Channel) -> bool {
    let some = directory.entry_points_on(channel).next().is_some();
    checks.require(some, Code::EntryPointNoneConfigured, || vec![Fact::new("channel", channel)])
}

/// R16, R17: an entry point of the channel could be picked.
pub(crate) fn some_enabled_entry_point(checks: &mut Checks, directory: &Directory, channel: Channel) {
    let mut of_channel = directory.entry_points_on(channel).peekable();
    let Some(first) = of_channel.peek().copied() else {
        some_entry_point(checks, directory, channel);
        return;
    };
    checks.require(of_channel.any(EntryPoint::is_enabled), Code::EntryPointDisabled, || {
        vec![Fact::new("entry_point", first.id())]
    });
}

/// R16: the entry point exists.
pub(crate) fn known_entry_point<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    entry_point: &EntryPointId,
) -> Option<&'a EntryPoint> {
    checks.some(directory.entry_point(entry_point), Code::EntryPointUnknown, || {
        vec![Fact::new("entry_point", entry_point)]
    })
}

/// R16: the entry point exists, or there is nothing to go on with.
pub(crate) fn needed_entry_point<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    entry_point: &EntryPointId,
) -> Result<&'a EntryPoint, Refused> {
    checks.need(directory.entry_point(entry_point), Code::EntryPointUnknown, || {
        vec![Fact::new("entry_point", entry_point)]
    })
}

/// R16, R17: the entry point exists, speaks on the channel and is enabled; with none configured that alone is the reason.
pub(crate) fn usable_entry_point<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    entry_point: &EntryPointId,
    channel: Channel,
) -> Option<&'a EntryPoint> {
    if channel.starts_outbound() && !some_entry_point(checks, directory, channel) {
        return None;
    }
    let found = known_entry_point(checks, directory, entry_point)?;
    entry_point_of_channel(checks, found, channel);
    entry_point_enabled(checks, found);
    Some(found)
}

/// R16: the entry point speaks on the channel.
pub(crate) fn entry_point_of_channel(checks: &mut Checks, entry_point: &EntryPoint, channel: Channel) {
    checks.require(entry_point.channel() == channel, Code::EntryPointOtherChannel, || {
        vec![
            Fact::new("entry_point", entry_point.id()),
            Fact::new("found", entry_point.channel()),
            Fact::new("channel", channel),
        ]
    });
}

/// R16: the entry point is enabled.
fn entry_point_enabled(checks: &mut Checks, entry_point: &EntryPoint) {
    checks.require(entry_point.is_enabled(), Code::EntryPointDisabled, || {
        vec![Fact::new("entry_point", entry_point.id())]
    });
}
