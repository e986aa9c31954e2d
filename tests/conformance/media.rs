//! Places for images: one that keeps its contract passes every check; each that breaks it is found by a check that is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use outbound::model::HostedImage;
use outbound::port::{MediaHost, NoMedia};
use outbound::testing::conformance::{
    Found, Gallery, Job, MEDIA_CHECKS, MediaCheck, MediaHarness, MediaOutcome, prove_media,
};

use crate::simple::{at_once, tell};

/// What is wrong with a place for images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    KeepsNothing,
    RefusesWhatIsThere,
    TakesWhatAnotherKeptForAForgery,
    ReservesTheUrlFirst,
    CutsLargeImages,
    DropsCarriageReturns,
    AnswersOneMediaType,
    KeepsUnderTheLastPartOfTheUrl,
    DropsAfter180Days,
    TakesAnOutageForASuccess,
    RemembersItsProblem,
    WaitsForEver,
    TakesSilenceForSuccess,
}

use Flaw::*;

/// An image as it is kept: with the time from which it may be dropped; none while its URL is only reserved.
type Kept = Option<(Found, DateTime<Utc>)>;

/// Where the images are.
struct Wall {
    behaves: Gallery,
    asked: Mutex<usize>,
    now: Mutex<DateTime<Utc>>,
    images: Mutex<BTreeMap<String, Kept>>,
}

struct Keeper {
    flaw: Flaw,
    wall: Arc<Wall>,
    clock: Arc<AtomicI64>,
    own: Mutex<BTreeSet<String>>,
    problems: Mutex<BTreeSet<String>>,
}

fn at(clock: &AtomicI64) -> DateTime<Utc> {
    DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap()
}

impl Keeper {
    fn keep(&self, image: &HostedImage) -> Result<(), String> {
        if self.flaw == KeepsNothing {
            return Ok(());
        }
        let place = place_of(self.flaw, &image.url);
        {
            let mut images = self.wall.images.lock().unwrap();
            let there = images.contains_key(&place);
            let own = self.own.lock().unwrap().contains(&place);
            match self.flaw {
                RefusesWhatIsThere if there => return Err("it is there".into()),
                TakesWhatAnotherKeptForAForgery if there && !own => return Err("somebody else was here".into()),
                ReservesTheUrlFirst if there => return Ok(()),
                ReservesTheUrlFirst => images.insert(place.clone(), None),
                _ => None,
            };
        }
        (0..50).for_each(|_| std::thread::yield_now());
        let mut bytes = image.bytes.expose().clone();
        match self.flaw {
            CutsLargeImages => bytes.truncate(8 * 1024),
            DropsCarriageReturns => bytes.retain(|byte| *byte != b'\r'),
            _ => {}
        }
        let media_type = if self.flaw == AnswersOneMediaType { "image/png" } else { &*image.media_type };
        let expires = match self.flaw {
            DropsAfter180Days => at(&self.clock) + TimeDelta::days(180),
            _ => image.expires,
        };
        let found = Found { media_type: media_type.into(), bytes };
        self.wall.images.lock().unwrap().insert(place.clone(), Some((found, expires)));
        self.own.lock().unwrap().insert(place);
        Ok(())
    }
}

impl MediaHost for Keeper {
    fn host(&self, image: &HostedImage) -> Result<(), String> {
        let nth = {
            let mut asked = self.wall.asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        if self.flaw == RemembersItsProblem && self.problems.lock().unwrap().contains(&*image.url) {
            return Err("it did not work before".into());
        }
        match (self.wall.behaves, nth) {
            (Gallery::LosesItsFirstAnswer, 1) => {
                self.keep(image)?;
                Err("no answer".into())
            }
            (Gallery::IsDownAtFirst, 1) if self.flaw == TakesAnOutageForASuccess => Ok(()),
            (Gallery::IsDownAtFirst, 1) => {
                self.problems.lock().unwrap().insert(image.url.to_string());
                Err("down".into())
            }
            (Gallery::Hangs, _) => {
                let seconds = if self.flaw == WaitsForEver { 3600 } else { 10 };
                self.clock.fetch_add(seconds, Ordering::SeqCst);
                if self.flaw == TakesSilenceForSuccess { Ok(()) } else { Err("no answer".into()) }
            }
            _ => self.keep(image),
        }
    }
}

/// Under what the image with a URL is kept.
fn place_of(flaw: Flaw, url: &str) -> String {
    match flaw {
        KeepsUnderTheLastPartOfTheUrl => url.rsplit('/').next().unwrap().into(),
        _ => url.into(),
    }
}

/// A harness over keepers with a flaw, by a clock that stands still unless something waits.
struct Keepers {
    flaw: Flaw,
    clock: Arc<AtomicI64>,
    galleries: &'static [Gallery],
}

fn keepers(flaw: Flaw) -> Keepers {
    Keepers { flaw, clock: Arc::new(AtomicI64::new(1_772_442_000)), galleries: &Gallery::ALL }
}

impl MediaHarness for Keepers {
    type Media = Keeper;
    type Site = Arc<Wall>;

    fn gallery(&self, behaves: Gallery) -> Option<Arc<Wall>> {
        let now = Mutex::new(self.now());
        let wall = || Arc::new(Wall { behaves, asked: Mutex::default(), now, images: Mutex::default() });
        self.galleries.contains(&behaves).then(wall)
    }
    fn open(&self, site: &Arc<Wall>) -> Keeper {
        let (wall, clock) = (Arc::clone(site), Arc::clone(&self.clock));
        Keeper { flaw: self.flaw, wall, clock, own: Mutex::default(), problems: Mutex::default() }
    }
    fn found(&self, site: &Arc<Wall>, url: &str) -> Option<Found> {
        let images = site.images.lock().unwrap();
        let (found, expires) = images.get(&place_of(self.flaw, url))?.clone()?;
        (*site.now.lock().unwrap() < expires).then_some(found)
    }
    fn base_url(&self) -> String {
        "https://media.acme.example/m".into()
    }
    fn now(&self) -> DateTime<Utc> {
        at(&self.clock)
    }
    fn lease(&self) -> TimeDelta {
        TimeDelta::seconds(60)
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        at_once(jobs);
    }
    fn skipped(&self, what: &str) {
        tell(what);
    }
    fn set_clock(&self, site: &Arc<Wall>, now: DateTime<Utc>) {
        *site.now.lock().unwrap() = now;
    }
}

outbound::testing::media_conformance!(keepers(Nothing));

/// Each flaw, and the checks that find it; others may find it too.
const KILLED: &[(Flaw, &[&str])] = &[
    (KeepsNothing, &["media_shows_what_it_took"]),
    (RefusesWhatIsThere, &["media_answers_again_as_at_first", "media_answers_again_when_an_answer_was_lost"]),
    (TakesWhatAnotherKeptForAForgery, &["media_answers_again_after_a_restart"]),
    (ReservesTheUrlFirst, &["media_answers_all_who_ask_at_once"]),
    (CutsLargeImages, &["media_shows_the_largest_image_whole"]),
    (DropsCarriageReturns, &["media_shows_what_it_took", "media_shows_the_largest_image_whole"]),
    (AnswersOneMediaType, &["media_shows_the_media_type"]),
    (KeepsUnderTheLastPartOfTheUrl, &["media_keeps_images_apart"]),
    (DropsAfter180Days, &["media_shows_an_image_until_it_expires"]),
    (TakesAnOutageForASuccess, &["media_tells_that_it_is_down"]),
    (RemembersItsProblem, &["media_tries_again_after_a_problem"]),
    (WaitsForEver, &["media_waits_no_longer_than_the_lease"]),
    (TakesSilenceForSuccess, &["media_waits_no_longer_than_the_lease"]),
];

#[test]
fn every_flaw_is_found_by_the_check_that_is_named() {
    for (flaw, checks) in KILLED {
        for check in *checks {
            let check = MediaCheck::find(check).unwrap();
            // Who meets whom is a matter of chance: a few tries.
            assert!((0..5).any(|_| check.run(&keepers(*flaw)).is_err()), "{flaw:?} passed {}", check.id);
        }
    }
}

#[test]
fn every_check_finds_some_flaw_and_none_is_skipped_by_a_harness_that_can_do_everything() {
    for check in MEDIA_CHECKS {
        assert!(KILLED.iter().any(|(_, killers)| killers.contains(&check.id)), "{} finds nothing", check.id);
        assert_eq!(check.run(&keepers(Nothing)), Ok(MediaOutcome::Passed), "{}", check.id);
    }
}

#[test]
fn a_check_whose_gallery_is_missing_is_skipped_and_not_passed() {
    let without = Keepers { galleries: &[Gallery::Keeps], ..keepers(DropsAfter180Days) };
    let check = MediaCheck::find("media_shows_an_image_until_it_expires").unwrap();
    assert_eq!(check.run(&without), Ok(MediaOutcome::Skipped(Gallery::HasAClock)));
    prove_media(check.id, &without).unwrap();
    prove_media("no such check", &without).unwrap_err();
}

#[test]
fn a_closure_is_a_place_for_images() {
    let image = HostedImage {
        name: "logo".into(),
        media_type: "image/png".into(),
        url: "https://media.acme.example/m/1".into(),
        expires: DateTime::UNIX_EPOCH,
        bytes: Vec::new().into(),
    };
    let media = |image: &HostedImage| NoMedia.host(image);
    assert_eq!(MediaHost::host(&media, &image), Err("no media host".into()));
}
