//! Stores with one flaw each: a check that is named finds it. And the one without a flaw passes every check.

use std::collections::BTreeSet;

use outbound::testing::conformance::{Check, Outcome, STORE_CHECKS};

use crate::simple::{Flaw, Flaw::*, Simples};

outbound::testing::store_conformance!(Simples(Nothing));

/// Each flaw, and the checks that find it; others may find it too.
const KILLED: &[(Flaw, &[&str])] = &[
    (LeavesOutAbsentKeys, &["load_answers_every_key"]),
    (AnswersAHundredKeys, &["load_answers_many_keys"]),
    (AnswersOneQuery, &["load_answers_every_query"]),
    (ReadsKeyByKey, &["load_sees_a_commit_whole"]),
    (ReadsEntriesLater, &["load_sees_a_commit_whole"]),
    (ReadsOld, &["load_sees_what_was_committed"]),
    (ReservesWhatIsAbsent, &["load_does_not_write"]),
    (DropsControlCharacters, &["load_gives_back_control_characters"]),
    (KeepsAsciiOnly, &["load_gives_back_any_text"]),
    (CutsLongTexts, &["load_gives_back_long_texts"]),
    (CutsOrders, &["load_gives_back_the_bounds_of_numbers", "queries_come_in_order"]),
    (ForgetsReceipts, &["load_gives_back_every_kind", "dedupe_answers_a_repetition_as_at_first"]),
    (
        ForgetsReceipts,
        &["failures_applied_and_unheard", "failures_not_applied_and_unheard", "failures_mixed_with_conflicts"],
    ),
    (OrdersByKey, &["queries_come_in_order"]),
    (TakesTheBoundForExclusive, &["queries_keep_within_their_bound", "outbox_sends_again_under_one_key"]),
    (ForgetsTheBound, &["queries_keep_within_their_bound", "outbox_ends_leases_by_the_time_told"]),
    (TakesTheCursorForInclusive, &["queries_go_on_behind_their_cursor"]),
    (ComparesTheCursorsPlaceOnly, &["queries_go_on_behind_their_cursor"]),
    (BeginsAnewWithoutTheCursorsRow, &["queries_page_while_rows_change"]),
    (ForgetsTheLimit, &["queries_answer_at_most_their_limit"]),
    (MixesScopes, &["queries_keep_scopes_apart"]),
    (MixesIndexes, &["queries_keep_scopes_apart"]),
    (ListsRecordsBackwards, &["queries_list_records_by_kind"]),
    (ForgetsTheLastGuard, &["commit_checks_every_one_of_many_guards"]),
    (ForgetsGuardsOfWhatIsRead, &["commit_checks_what_is_only_read", "commit_checks_guards_without_writes"]),
    (TakesLaterVersions, &["commit_takes_exact_guards"]),
    (OverwritesWhatIsThere, &["commit_creates_only_what_is_absent"]),
    (CreatesWhatShouldBeThere, &["commit_replaces_only_what_is_there"]),
    (WritesBeforeItChecks, &["commit_applies_nothing_on_conflict"]),
    (AnswersSuccessForConflict, &["commit_takes_exact_guards"]),
    (AnswersFailureForConflict, &["commit_takes_exact_guards"]),
    (KeepsEntriesThatGo, &["commit_applies_everything"]),
    (ShowsEventsFirst, &["commit_shows_no_half"]),
    (
        ChecksAndWritesApart,
        &["isolation_loses_no_update", "isolation_lets_no_skew_through", "histories_can_be_put_in_order"],
    ),
    (ChecksAndWritesApart, &["outbox_claims_for_one_alone", "outbox_is_shared_by_its_senders"]),
    (ChecksCreationApart, &["isolation_lets_one_of_many_create", "dedupe_does_once_what_is_asked_at_once"]),
    (FailsWhenItIsBusy, &["isolation_survives_opposite_orders"]),
    (AnswersFailureForUnknown, &["commit_tells_what_it_does_not_know"]),
    (AnswersSuccessForUnknown, &["commit_tells_what_it_does_not_know"]),
    (AppliesHalfOfWhatBreaks, &["commit_tells_what_it_does_not_know", "failures_broken_commits_are_done_once"]),
    (LosesEntriesOnReopening, &["commit_keeps_what_it_took"]),
    (LosesTheLastCommitOnReopening, &["commit_keeps_what_it_took"]),
    (GivesAnEventTwice, &["events_feed_gives_each_once"]),
    (LeavesAnEventOutOfPages, &["events_stream_comes_in_pages"]),
    (MixesStreams, &["events_stream_comes_in_order", "events_stream_of_nothing_is_empty"]),
    (TurnsStreamsAround, &["events_stream_comes_in_order"]),
    (BeginsAnewBehindAnEmptyPage, &["events_feed_goes_on"]),
    (NumbersTheFeedBeforeItCommits, &["events_feed_hides_nothing"]),
];

#[test]
fn every_flaw_is_found_by_the_check_that_is_named() {
    let mut unfound = Vec::new();
    for (flaw, checks) in KILLED {
        for check in *checks {
            // Who meets whom is a matter of chance: a few tries, each of which finds it nearly always.
            let check_of = Check::find(check).unwrap();
            if (0..3).all(|_| check_of.run(&Simples(*flaw)).is_ok()) {
                unfound.push(format!("{flaw:?} passed {check}"));
            }
        }
    }
    assert!(unfound.is_empty(), "{unfound:#?}");
}

#[test]
fn no_check_is_skipped_by_a_harness_that_can_do_everything() {
    for check in STORE_CHECKS {
        assert_eq!(check.run(&Simples(Nothing)), Ok(Outcome::Passed), "{}", check.id);
    }
}

#[test]
fn every_check_finds_some_flaw() {
    let named: BTreeSet<&str> = KILLED.iter().flat_map(|(_, checks)| checks.iter().copied()).collect();
    let idle: Vec<&str> = STORE_CHECKS.iter().map(|check| check.id).filter(|id| !named.contains(id)).collect();
    assert!(idle.is_empty(), "{idle:#?}");
}
