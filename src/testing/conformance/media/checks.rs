//! The checks of a place for images.

use chrono::{DateTime, TimeDelta, Utc};

use super::harness::{AnySite, Bench};
use super::{Found, Gallery, Trouble};
use crate::model::{HostedImage, InlineImage, MessageId, Private};
use crate::policy::{MAX_IMAGE_BYTES, rules};
use crate::testing::conformance::Job;
use crate::testing::conformance::finding::Finding;
use crate::testing::conformance::made::command;

type Checked = Result<(), Trouble>;

/// The images of the n-th message, as a message has them that is sent now: each with its name, media type and bytes.
fn images(bench: &Bench<'_>, message: u64, given: &[(&str, &str, Vec<u8>)]) -> Vec<HostedImage> {
    let inline = |(name, media_type, bytes): &(&str, &str, Vec<u8>)| InlineImage {
        name: (*name).into(),
        media_type: (*media_type).into(),
        bytes: Private::new(bytes.clone()),
    };
    let inline: Vec<InlineImage> = given.iter().map(inline).collect();
    rules::hosted("", &inline, &bench.base_url(), MessageId::of(command(message)), bench.now()).1
}

/// The image of the n-th message, which no other message has.
fn image(bench: &Bench<'_>, message: u64) -> Result<HostedImage, Finding> {
    let bytes = format!("\u{89}PNG\r\n\u{1a}\n the image of message {message}").into_bytes();
    images(bench, message, &[("logo", "image/png", bytes)]).pop().ok_or_else(|| Finding::new("the suite is broken"))
}

/// The answer to one asking, by a media host that was just started.
fn host(site: &dyn AnySite, image: &HostedImage) -> Result<Result<(), String>, Finding> {
    site.host(std::slice::from_ref(image)).pop().ok_or_else(|| Finding::new("an asking had no answer"))
}

/// The image is kept, and shown.
fn kept(site: &dyn AnySite, image: &HostedImage, when: &str) -> Checked {
    let answer = host(site, image)?;
    require(answer.is_ok(), || format!("{when} the answer was {answer:?}"))?;
    shown(site, image, when)
}

/// The bytes of an image are found under its URL.
fn shown(site: &dyn AnySite, image: &HostedImage, when: &str) -> Checked {
    let Some(found) = site.found(&image.url) else {
        return Err(Finding::new(format!("{when} nothing is found under {}", image.url)).into());
    };
    let (bytes, given) = (found.bytes.len(), image.bytes.expose().len());
    let same = found.bytes == *image.bytes.expose();
    require(same, || format!("{when} {bytes} bytes are found under {}, not the {given} that were given", image.url))
}

fn require(holds: bool, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Finding::new(what()).into()) }
}

pub(super) fn answers_again_as_at_first(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    let image = image(bench, 1)?;
    for answer in site.host(&[image.clone(), image.clone(), image.clone()]) {
        require(answer.is_ok(), || format!("an image that was given three times was answered as {answer:?}"))?;
    }
    shown(&*site, &image, "given three times,")
}

pub(super) fn answers_again_after_a_restart(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    let image = image(bench, 1)?;
    kept(&*site, &image, "at first")?;
    // The process died before the message was sent; another takes the message up.
    kept(&*site, &image, "after a restart")
}

pub(super) fn answers_again_when_an_answer_was_lost(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::LosesItsFirstAnswer)?;
    let image = image(bench, 1)?;
    if host(&*site, &image)?.is_ok() {
        shown(&*site, &image, "after a success")?;
    }
    kept(&*site, &image, "after an answer was lost")
}

pub(super) fn answers_all_who_ask_at_once(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    for message in 1..=10 {
        let image = &image(bench, message)?;
        let mut ends: [Checked; 3] = [Ok(()), Ok(()), Ok(())];
        let site = &*site;
        let jobs =
            ends.iter_mut().map(|end| Box::new(move || *end = kept(site, image, "when three ask at once")) as Job<'_>);
        bench.together(jobs.collect());
        ends.into_iter().collect::<Checked>()?;
    }
    Ok(())
}

pub(super) fn shows_what_it_took(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    let image = image(bench, 1)?;
    kept(&*site, &image, "once it is kept")
}

pub(super) fn shows_the_largest_image_whole(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    // Every byte comes, the ends of lines and of texts among them.
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(MAX_IMAGE_BYTES).collect();
    images(bench, 1, &[("large", "image/png", bytes)])
        .iter()
        .try_for_each(|image| kept(&*site, image, "once the largest image is kept"))
}

pub(super) fn shows_the_media_type(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    let types = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    let given: Vec<_> = types.iter().map(|media_type| (*media_type, *media_type, b"an image".to_vec())).collect();
    for image in images(bench, 1, &given) {
        kept(&*site, &image, "once it is kept")?;
        let found = site.found(&image.url).map(|Found { media_type, .. }| media_type);
        let same = found.as_deref() == Some(&image.media_type);
        require(same, || format!("what was given as {} is answered as {found:?}", image.media_type))?;
    }
    Ok(())
}

pub(super) fn keeps_images_apart(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Keeps)?;
    let named = |name: &'static str, message: u64| (name, "image/png", format!("{name} of {message}").into_bytes());
    let given = |message: u64| images(bench, message, &[named("logo", message), named("map", message)]);
    // Two images in each of three messages; their names, and the ends of their URLs, are the same in each.
    let all = [given(1), given(2), given(3)].concat();
    for answer in site.host(&all) {
        require(answer.is_ok(), || format!("one of several images was answered as {answer:?}"))?;
    }
    all.iter().try_for_each(|image| shown(&*site, image, "once others are kept,"))
}

pub(super) fn shows_an_image_until_it_expires(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::HasAClock)?;
    let image = image(bench, 1)?;
    kept(&*site, &image, "once it is kept")?;
    for before in [TimeDelta::days(30), TimeDelta::days(1), TimeDelta::seconds(1)] {
        site.set_clock(earlier(image.expires, before));
        shown(&*site, &image, &format!("{before} before it expires"))?;
    }
    Ok(())
}

fn earlier(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_sub_signed(by).unwrap_or(at)
}

pub(super) fn tells_that_it_is_down(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::IsDownAtFirst)?;
    let answer = host(&*site, &image(bench, 1)?)?;
    require(answer.is_err(), || "a gallery that cannot be reached was answered as a success".into())
}

pub(super) fn tries_again_after_a_problem(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::IsDownAtFirst)?;
    let image = image(bench, 1)?;
    let answers = site.host(&[image.clone(), image.clone()]);
    let last = answers.last().is_some_and(Result::is_ok);
    require(last, || format!("when the gallery was up again the answers were {answers:?}"))?;
    shown(&*site, &image, "when the gallery is up again")
}

pub(super) fn waits_no_longer_than_the_lease(bench: &Bench<'_>) -> Checked {
    let site = bench.gallery(Gallery::Hangs)?;
    let (image, before) = (image(bench, 1)?, bench.now());
    let answer = host(&*site, &image)?;
    let (waited, lease) = (bench.now().signed_duration_since(before), bench.lease());
    require(waited <= lease, || format!("it waited for {waited}, and the lease is {lease}"))?;
    require(answer.is_err(), || "a gallery that never answered was answered as a success".into())
}
