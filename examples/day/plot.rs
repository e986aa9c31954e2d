//! The plot: the day in panels over its hours, one below the other; what has a row for each name stands below them.

use crate::day::Day;
use crate::measure::{Board, Hour};
use crate::rows::{latencies, refusals};
use crate::svg::{Anchor, BLUE, Frame, GREEN, GREY, ORANGE, Page, RED, round_up};
use crate::units::{thousands, whole};

pub(crate) const WIDTH: f64 = 1_200.0;
pub(crate) const LEFT: f64 = 100.0;
pub(crate) const RIGHT: f64 = 100.0;
const HOURS: f64 = 24.0;

/// A name in a legend: its colour, and whether it is a dashed line.
type Entry<'a> = (&'a str, &'a str);

pub(crate) fn draw(day: &Day, seed: u64) -> String {
    let mut page = Page::new(WIDTH);
    page.title((LEFT, 42.0), 22, "A contact centre's day, decided by one core");
    let all = day.centre.measure.whole();
    let below = format!(
        "{} agents, {} customers, {} conversations, {} messages, {} commands (seed {seed})",
        thousands(day.size.agents),
        thousands(day.size.customers),
        thousands(all.opened),
        thousands(all.received + all.sent),
        thousands(all.commands)
    );
    page.text((LEFT, 64.0), Anchor::Start, 12, GREY, &below);

    let outage = "From 14:00 to 15:00 the provider of text messages is out of order; what was sent meanwhile leaves when it is back.";
    page.text((LEFT, 82.0), Anchor::Start, 12, GREY, outage);

    let mut top = 130.0;
    conversations(&mut page, day, next(&mut top, 150.0));
    throughput(&mut page, day, next(&mut top, 150.0));
    slots(&mut page, day, next(&mut top, 190.0));
    over_time(&mut page, day, next(&mut top, 120.0), "Tasks that wait in queues", BLUE, |board| board.waiting);
    let unsent = "Messages that no provider has taken yet";
    over_time(&mut page, day, next(&mut top, 120.0), unsent, RED, |board| board.backlog);
    let top = latencies(&mut page, day, top);
    let height = refusals(&mut page, day, top + 50.0);
    page.finish(height)
}

/// The frame of the next panel.
fn next(top: &mut f64, height: f64) -> Frame {
    let frame = Frame { left: LEFT, top: *top, width: WIDTH - LEFT - RIGHT, height, right_is: HOURS, top_is: 1.0 };
    *top += height + 78.0;
    frame
}

/// A panel over the hours of the day: title, legend, axes, and the outage behind it all.
fn panel(page: &mut Page, frame: Frame, title: &str, most: f64, legend: &[Entry<'_>]) -> Frame {
    let (top_is, step) = round_up(most);
    let frame = Frame { top_is, ..frame };
    page.title((frame.left, frame.top - 12.0), 14, title);
    let wide = |name: &str| name.chars().count() as f64 * 6.7 + 38.0;
    let mut left = frame.left + frame.width + 20.0 - legend.iter().map(|(name, _)| wide(name)).sum::<f64>();
    for (name, colour) in legend {
        page.rect((left, frame.top - 22.0), (11.0, 11.0), colour, 0.85);
        page.text((left + 17.0, frame.top - 12.0), Anchor::Start, 12, GREY, name);
        left += wide(name);
    }
    let (begins, ends) = (frame.x(14.0), frame.x(15.0));
    page.rect((begins, frame.top), (ends - begins, frame.height), ORANGE, 0.14);
    let mut value = 0.0;
    while value <= top_is {
        let y = frame.y(value);
        page.line((frame.left, y), (frame.left + frame.width, y), "#e2e8f0", 1.0);
        page.text((frame.left - 8.0, y + 4.0), Anchor::End, 11, GREY, &thousands(whole(value)));
        value += step;
    }
    for hour in (0..=24).step_by(2) {
        let x = frame.x(f64::from(hour));
        page.line((x, frame.bottom()), (x, frame.bottom() + 5.0), GREY, 1.0);
        page.text((x, frame.bottom() + 19.0), Anchor::Middle, 11, GREY, &format!("{hour:02}:00"));
    }
    page.line((frame.left, frame.bottom()), (frame.left + frame.width, frame.bottom()), GREY, 1.0);
    frame
}

/// The outage's name, above whatever was drawn.
fn name_the_outage(page: &mut Page, frame: Frame) {
    page.text((frame.x(14.5), frame.top + 13.0), Anchor::Middle, 10, "rgb(156,66,33)", "outage");
}

fn conversations(page: &mut Page, day: &Day, frame: Frame) {
    let hours = &day.centre.measure.hours;
    let most = hours.iter().map(|hour| hour.opened).max().unwrap_or(0) as f64;
    let legend = [("customer wrote first", BLUE), ("agent wrote first", ORANGE)];
    let frame = panel(page, frame, "Conversations opened in each hour", most, &legend);
    for (number, hour) in hours.iter().enumerate() {
        let by_customers = (hour.opened - hour.started) as f64;
        bar(page, frame, number, 0.0, by_customers, BLUE);
        bar(page, frame, number, by_customers, hour.opened as f64, ORANGE);
    }
    name_the_outage(page, frame);
}

fn bar(page: &mut Page, frame: Frame, hour: usize, from: f64, to: f64, colour: &str) {
    let (left, top) = frame.at(hour as f64 + 0.12, to);
    page.rect((left, top), (frame.width / HOURS * 0.76, frame.y(from) - top), colour, 0.8);
}

/// Bars for what was to be done, on the left axis, and a line for how fast it was, on the right one.
fn throughput(page: &mut Page, day: &Day, frame: Frame) {
    let hours = &day.centre.measure.hours;
    let most = hours.iter().map(|hour| hour.commands).max().unwrap_or(0) as f64;
    let legend = [("commands in the hour (left)", GREEN), ("commands a second of one core (right)", RED)];
    let frame = panel(page, frame, "Work and throughput", most, &legend);
    for (number, hour) in hours.iter().enumerate() {
        bar(page, frame, number, 0.0, hour.commands as f64, GREEN);
    }
    let fast = |(number, hour): (usize, &Hour)| Some((number as f64 + 0.5, hour.a_second_of_a_core()?));
    let points: Vec<(f64, f64)> = hours.iter().enumerate().filter_map(fast).collect();
    name_the_outage(page, frame);
    if points.is_empty() {
        return; // A small day is over before a core's speed can be told.
    }
    let (top_is, step) = round_up(points.iter().map(|(_, times)| *times).fold(0.0, f64::max));
    let right = Frame { top_is, ..frame };
    let mut value = 0.0;
    while value <= top_is {
        let at = (right.left + right.width + 8.0, right.y(value) + 4.0);
        page.text(at, Anchor::Start, 11, RED, &thousands(whole(value)));
        value += step;
    }
    page.path(points.into_iter().map(|(at, times)| right.at(at, times)), RED, false);
}

fn slots(page: &mut Page, day: &Day, frame: Frame) {
    let boards = &day.centre.measure.boards;
    let most = boards.iter().map(|board| board.signed_in.max(board.slots)).max().unwrap_or(0) as f64;
    let legend = [("held", BLUE), ("of agents signed in", GREY), ("of agents who are Available", GREEN)];
    let frame = panel(page, frame, "Slots for text messages and mails", most, &legend);
    filled(page, frame, boards, BLUE, |board| board.slots);
    page.path(line(frame, boards, |board| board.signed_in), GREY, true);
    page.path(line(frame, boards, |board| board.available), GREEN, false);
    page.path(line(frame, boards, |board| board.slots), BLUE, false);
    name_the_outage(page, frame);
}

fn over_time(page: &mut Page, day: &Day, frame: Frame, title: &str, colour: &str, of: fn(&Board) -> i64) {
    let boards = &day.centre.measure.boards;
    let frame = panel(page, frame, title, boards.iter().map(of).max().unwrap_or(0) as f64, &[]);
    filled(page, frame, boards, colour, of);
    page.path(line(frame, boards, of), colour, false);
    name_the_outage(page, frame);
}

fn line(frame: Frame, boards: &[Board], of: fn(&Board) -> i64) -> impl Iterator<Item = (f64, f64)> {
    boards.iter().map(move |board| frame.at(board.minute as f64 / 60.0, of(board) as f64))
}

fn filled(page: &mut Page, frame: Frame, boards: &[Board], colour: &str, of: fn(&Board) -> i64) {
    let ends = [frame.at(HOURS, 0.0), frame.at(0.0, 0.0)];
    page.area(line(frame, boards, of).chain(ends), colour);
}
