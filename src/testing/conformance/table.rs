//! The checks of a store, of a delivery and of a place for images, each in one table: what the catalogue is made of, and each host's tests.

/// Hands the table to another macro: name, function, clause, needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_checks {
    ($then:path, $($given:tt)*) => {
        $then! { [$($given)*]
            load_answers_every_key: load::answers_every_key, "load.1", [];
            load_answers_many_keys: load::answers_many_keys, "load.1", [];
            load_answers_every_query: load::answers_every_query, "load.1", [];
            load_sees_a_commit_whole: load::sees_a_commit_whole, "load.2", [Parallel];
            load_sees_what_was_committed: load::sees_what_was_committed, "load.2", [];
            load_does_not_write: load::does_not_write, "load.4", [];
            load_gives_back_every_kind: load::gives_back_every_kind, "load.5", [];
            load_gives_back_any_text: load::gives_back_any_text, "load.5", [];
            load_gives_back_control_characters: load::gives_back_control_characters, "load.5", [];
            load_gives_back_long_texts: load::gives_back_long_texts, "load.5", [];
            load_gives_back_the_bounds_of_numbers: load::gives_back_the_bounds_of_numbers, "load.5", [];
            queries_come_in_order: queries::come_in_order, "load.3", [];
            queries_keep_within_their_bound: queries::keep_within_their_bound, "load.3", [];
            queries_go_on_behind_their_cursor: queries::go_on_behind_their_cursor, "load.3", [];
            queries_answer_at_most_their_limit: queries::answer_at_most_their_limit, "load.3", [];
            queries_keep_scopes_apart: queries::keep_scopes_apart, "load.3", [];
            queries_page_while_rows_change: queries::page_while_rows_change, "load.3", [];
            queries_list_records_by_kind: queries::list_records_by_kind, "load.3", [];
            commit_applies_everything: commit::applies_everything, "commit.1", [];
            commit_applies_nothing_on_conflict: commit::applies_nothing_on_conflict, "commit.1", [];
            commit_shows_no_half: commit::shows_no_half, "commit.1", [Parallel];
            commit_takes_exact_guards: commit::takes_exact_guards, "commit.2", [];
            commit_checks_what_is_only_read: commit::checks_what_is_only_read, "commit.2", [];
            commit_checks_guards_without_writes: commit::checks_guards_without_writes, "commit.2", [];
            commit_checks_every_one_of_many_guards: commit::checks_every_one_of_many_guards, "commit.2", [];
            commit_creates_only_what_is_absent: commit::creates_only_what_is_absent, "commit.3", [];
            commit_replaces_only_what_is_there: commit::replaces_only_what_is_there, "commit.2", [];
            commit_tells_what_it_does_not_know: commit::tells_what_it_does_not_know, "commit.5", [BreaksCommits];
            commit_keeps_what_it_took: commit::keeps_what_it_took, "commit.6", [Durable];
            isolation_loses_no_update: isolation::loses_no_update, "commit.2", [Parallel];
            isolation_lets_no_skew_through: isolation::lets_no_skew_through, "commit.2", [Parallel];
            isolation_survives_opposite_orders: isolation::survives_opposite_orders, "commit.4", [Parallel];
            isolation_lets_one_of_many_create: isolation::lets_one_of_many_create, "commit.3", [Parallel];
            dedupe_answers_a_repetition_as_at_first: dedupe::answers_a_repetition_as_at_first, "commit.3", [];
            dedupe_does_once_what_is_asked_at_once: dedupe::does_once_what_is_asked_at_once, "commit.3", [Parallel];
            events_stream_comes_in_order: events::stream_comes_in_order, "events.1", [];
            events_stream_comes_in_pages: events::stream_comes_in_pages, "events.3", [];
            events_stream_of_nothing_is_empty: events::stream_of_nothing_is_empty, "events.3", [];
            events_feed_gives_each_once: events::feed_gives_each_once, "events.2", [];
            events_feed_goes_on: events::feed_goes_on, "events.3", [];
            events_feed_hides_nothing: events::feed_hides_nothing, "events.2", [Parallel];
            outbox_claims_for_one_alone: outbox::claims_for_one_alone, "commit.2", [Parallel];
            outbox_ends_leases_by_the_time_told: outbox::ends_leases_by_the_time_told, "load.3", [];
            outbox_sends_again_under_one_key: outbox::sends_again_under_one_key, "commit.1", [];
            outbox_is_shared_by_its_senders: outbox::is_shared_by_its_senders, "commit.2", [Parallel];
            failures_applied_and_unheard: failures::applied_and_unheard, "commit.5", [];
            failures_not_applied_and_unheard: failures::not_applied_and_unheard, "commit.5", [];
            failures_mixed_with_conflicts: failures::mixed_with_conflicts, "commit.4", [];
            failures_broken_commits_are_done_once: failures::broken_commits_are_done_once, "commit.5", [BreaksCommits];
            histories_can_be_put_in_order: histories::can_be_put_in_order, "commit.2", [Parallel];
        }
    };
}

/// Makes the catalogue of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_catalogue {
    ([] $($name:ident: $group:ident::$check:ident, $clause:literal, [$($need:ident)*];)*) => {
        /// Every check of a store.
        pub const STORE_CHECKS: &[Check] = &[$(Check {
            id: stringify!($name),
            clause: $clause,
            needs: &[$(Capability::$need),*],
            run: store::$group::$check,
        }),*];
    };
}

/// Makes a test of every check of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_tests {
    ([$harness:expr] $($name:ident: $group:ident::$check:ident, $clause:literal, [$($need:ident)*];)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::conformance::Finding> {
            $crate::testing::conformance::prove(::core::stringify!($name), &$harness)
        }
    )*};
}

/// Makes a `#[test]` of every check that a store must pass, in the module where it stands, from an expression that makes a
/// [`StoreHarness`](crate::testing::conformance::StoreHarness). It brings nothing else into that module.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_conformance {
    ($harness:expr $(,)?) => {
        $crate::__store_checks! { $crate::__store_tests, $harness }
    };
}

/// Hands the table of a delivery's checks to another macro: name, function, clause.
#[doc(hidden)]
#[macro_export]
macro_rules! __delivery_checks {
    ($then:path, $($given:tt)*) => {
        $then! { [$($given)*]
            delivery_takes_what_can_be_sent: takes_what_can_be_sent, "send.1";
            delivery_sends_once_under_one_key: sends_once_under_one_key, "send.1";
            delivery_remembers_over_a_crash: remembers_over_a_crash, "send.1";
            delivery_sends_once_when_asked_at_once: sends_once_when_asked_at_once, "send.1";
            delivery_sends_once_when_an_answer_is_lost: sends_once_when_an_answer_is_lost, "send.1";
            delivery_sends_nothing_too_late: sends_nothing_too_late, "send.2";
            delivery_is_transient_while_it_may_succeed: is_transient_while_it_may_succeed, "send.3";
            delivery_is_permanent_when_it_cannot_succeed: is_permanent_when_it_cannot_succeed, "send.3";
            delivery_waits_no_longer_than_the_lease: waits_no_longer_than_the_lease, "send.4";
        }
    };
}

/// Makes the catalogue of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __delivery_catalogue {
    ([] $($name:ident: $check:ident, $clause:literal;)*) => {
        /// Every check of a delivery.
        pub const DELIVERY_CHECKS: &[DeliveryCheck] = &[$(DeliveryCheck {
            id: stringify!($name),
            clause: $clause,
            run: checks::$check,
        }),*];
    };
}

/// Makes a test of every check of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __delivery_tests {
    ([$harness:expr] $($name:ident: $check:ident, $clause:literal;)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::conformance::Finding> {
            $crate::testing::conformance::prove_delivery(::core::stringify!($name), &$harness)
        }
    )*};
}

/// Makes a `#[test]` of every check that a delivery must pass, in the module where it stands, from an expression that makes a
/// [`DeliveryHarness`](crate::testing::conformance::DeliveryHarness). It brings nothing else into that module.
#[doc(hidden)]
#[macro_export]
macro_rules! __delivery_conformance {
    ($harness:expr $(,)?) => {
        $crate::__delivery_checks! { $crate::__delivery_tests, $harness }
    };
}

/// Hands the table of a media host's checks to another macro: name, function, clause.
#[doc(hidden)]
#[macro_export]
macro_rules! __media_checks {
    ($then:path, $($given:tt)*) => {
        $then! { [$($given)*]
            media_answers_again_as_at_first: answers_again_as_at_first, "host.1";
            media_answers_again_after_a_restart: answers_again_after_a_restart, "host.1";
            media_answers_again_when_an_answer_was_lost: answers_again_when_an_answer_was_lost, "host.1";
            media_answers_all_who_ask_at_once: answers_all_who_ask_at_once, "host.1";
            media_shows_what_it_took: shows_what_it_took, "host.2";
            media_shows_the_largest_image_whole: shows_the_largest_image_whole, "host.2";
            media_shows_the_media_type: shows_the_media_type, "host.2";
            media_keeps_images_apart: keeps_images_apart, "host.2";
            media_shows_an_image_until_it_expires: shows_an_image_until_it_expires, "host.3";
            media_tells_that_it_is_down: tells_that_it_is_down, "host.4";
            media_tries_again_after_a_problem: tries_again_after_a_problem, "host.4";
            media_waits_no_longer_than_the_lease: waits_no_longer_than_the_lease, "host.5";
        }
    };
}

/// Makes the catalogue of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __media_catalogue {
    ([] $($name:ident: $check:ident, $clause:literal;)*) => {
        /// Every check of a place for images.
        pub const MEDIA_CHECKS: &[MediaCheck] = &[$(MediaCheck {
            id: stringify!($name),
            clause: $clause,
            run: checks::$check,
        }),*];
    };
}

/// Makes a test of every check of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __media_tests {
    ([$harness:expr] $($name:ident: $check:ident, $clause:literal;)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::conformance::Finding> {
            $crate::testing::conformance::prove_media(::core::stringify!($name), &$harness)
        }
    )*};
}

/// Makes a `#[test]` of every check that a place for images must pass, in the module where it stands, from an expression that makes
/// a [`MediaHarness`](crate::testing::conformance::MediaHarness). It brings nothing else into that module.
#[doc(hidden)]
#[macro_export]
macro_rules! __media_conformance {
    ($harness:expr $(,)?) => {
        $crate::__media_checks! { $crate::__media_tests, $harness }
    };
}
