//! Place lists: the grammar of `OMP_PLACES`, its errors, and what it means on several machines.
#![allow(missing_docs)]

mod common;
use common::{GIB, Machine, Tree, set, smt};
use phalanx_topology::{CpuSet, PlacesError, PlacesSpec, Topology};
use proptest::prelude::*;
use std::sync::LazyLock;

fn spec(text: &str) -> PlacesSpec {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Sixteen processors, all usable, and nothing else known.
fn sixteen() -> Topology {
    static MACHINE: LazyLock<Topology> = LazyLock::new(|| processors("0-15"));
    MACHINE.clone()
}

fn processors(online: &str) -> Topology {
    let tree = Tree::empty();
    tree.file(&format!("{}/online", common::CPU), online);
    tree.topology()
}

fn resolved(text: &str, machine: &Topology) -> (String, Vec<String>) {
    let places = spec(text)
        .resolve(machine)
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(
        places
            .list()
            .iter()
            .all(|place| !place.cpus().is_empty() && place.cpus().is_subset(machine.usable()))
    );
    (places.to_string(), places.warnings().to_vec())
}

#[test]
fn explicit_lists() {
    let machine = sixteen();
    for (text, places) in [
        // The examples of the specification, which are all the same list.
        (
            "{0,1,2,3},{4,5,6,7},{8,9,10,11},{12,13,14,15}",
            "{0-3},{4-7},{8-11},{12-15}",
        ),
        ("{0:4},{4:4},{8:4},{12:4}", "{0-3},{4-7},{8-11},{12-15}"),
        ("{0:4}:4:4", "{0-3},{4-7},{8-11},{12-15}"),
        ("{0:4:2}", "{0,2,4,6}"),
        ("{6:4:-2}", "{0,2,4,6}"),
        ("{0:2}:4:2", "{0-1},{2-3},{4-5},{6-7}"),
        ("{0:2}:3", "{0-1},{1-2},{2-3}"),
        ("{14:2}:3:-7", "{14-15},{7-8},{0-1}"),
        ("{0:8,!3}", "{0-2,4-7}"),
        ("{!3,0:8}", "{0-2,4-7}"),
        ("{0:4,!2}:2:4", "{0-1,3},{4-5,7}"),
        ("{0:2}:4:2,!{2,3}", "{0-1},{4-5},{6-7}"),
        ("!{3,2},{0:2}:4:2", "{0-1},{4-5},{6-7}"),
        ("{0}:4,!2", "{0},{1},{3}"),
        ("0,4,8", "{0},{4},{8}"),
        ("0:8:2", "{0},{2},{4},{6},{8},{10},{12},{14}"),
        ("3:3:-1", "{3},{2},{1}"),
        ("{1},0:2", "{1},{0},{1}"),
        ("{5}:3:0", "{5},{5},{5}"),
        ("{5:3:0}", "{5}"),
        ("  { 0 , 1 : 2 : +3 } : 2 : 8 , 7 ", "{0-1,4},{8-9,12},{7}"),
        ("{15,0,3,0}", "{0,3,15}"),
    ] {
        assert_eq!(resolved(text, &machine), (places.into(), vec![]), "{text}");
        let again = spec(text).to_string();
        assert_eq!(spec(&again), spec(text), "{text} printed as {again}");
    }
}

#[test]
fn printed_in_its_shortest_form() {
    for (text, printed) in [
        ("CORES", "cores"),
        ("ll_caches ( 2 )", "ll_caches(2)"),
        ("Threads(4:1)", "threads(4)"),
        ("sockets(4:3)", "sockets(4:3)"),
        ("0:4", "{0}:4"),
        ("{0:1:7}:1:3,!5", "{0},!{5}"),
        ("{0:4:2,!2}:2:-0", "{0:4:2,!2}:2:0"),
    ] {
        assert_eq!(spec(text).to_string(), printed);
        assert_eq!(spec(printed), spec(text));
    }
}

#[test]
fn abstract_names() {
    let tree = smt().tree();
    tree.allow("0-7", "0-1");
    let machine = tree.topology();
    for (text, places) in [
        ("threads", "{0},{4},{1},{5},{2},{6},{3},{7}"),
        ("threads(3)", "{0},{4},{1}"),
        ("threads(4:2)", "{0},{1},{2},{3}"),
        ("cores", "{0,4},{1,5},{2,6},{3,7}"),
        ("cores(2:3)", "{0,4},{3,7}"),
        ("ll_caches", "{0-1,4-5},{2-3,6-7}"),
        ("numa_domains", "{0-1,4-5},{2-3,6-7}"),
        ("sockets(1)", "{0-1,4-5}"),
    ] {
        assert_eq!(resolved(text, &machine), (places.into(), vec![]), "{text}");
    }
}

#[test]
fn only_usable_processors() {
    let tree = smt().tree();
    tree.allow("1-2,5", "0-1");
    let machine = tree.topology();
    assert_eq!(resolved("cores", &machine), ("{1,5},{2}".into(), vec![]));
    assert_eq!(resolved("sockets", &machine), ("{1,5},{2}".into(), vec![]));
    assert_eq!(
        resolved("{1},{0:4},{8},{3}", &machine),
        (
            "{1},{1-2}".into(),
            vec![
                "place {0-3} names processors that this process may not use: 0,3; it is reduced to {1-2}".into(),
                "place {8} names processors that this process may not use: 8; usable are 1-2,5; it is dropped".into(),
                "place {3} names processors that this process may not use: 3; usable are 1-2,5; it is dropped".into(),
            ]
        )
    );
    let error = spec("{8},{9}").resolve(&machine).unwrap_err();
    assert_eq!(
        error.to_string(),
        "places `{8},{9}`: no place holds a processor that this process may use; usable are 1-2,5; no place list is made"
    );
}

#[test]
fn warnings() {
    let machine = sixteen().restricted_to(&set("0-3"));
    let (places, warnings) = resolved("threads(9)", &machine);
    assert_eq!(places, "{0},{1},{2},{3}");
    assert_eq!(
        warnings,
        ["`threads(9)` asks for 9 places, and there are 4, which are used"]
    );
    let (places, warnings) = resolved("threads(3:2)", &machine);
    assert_eq!((places.as_str(), warnings.len()), ("{0},{2}", 1));
    let (_, warnings) = resolved("{0},!{7},{1,!1}", &machine);
    assert_eq!(
        warnings,
        [
            "a place names no processor; it is dropped",
            "`!{7}` excludes nothing: the list has no such place"
        ]
    );
    let (places, warnings) = resolved("0:60000", &machine);
    assert_eq!((places.as_str(), warnings.len()), ("{0},{1},{2},{3}", 9));
    assert_eq!(warnings[8], "and 59988 more warnings of this kind");
}

#[test]
fn what_the_machine_does_not_tell() {
    let machine = sixteen();
    for (text, objects) in [
        ("ll_caches", "last-level caches"),
        ("sockets(2)", "packages"),
    ] {
        let error = spec(text).resolve(&machine).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "places `{text}`: no {objects} are known of this machine (topology from sysfs); no place list is made"
            )
        );
    }
    let (places, warnings) = resolved("cores(2)", &machine);
    assert_eq!(places, "{0},{1}");
    assert_eq!(
        warnings,
        ["the cores of the processors 0-15 are unknown; each is a place of its own"]
    );
}

#[test]
fn objects_that_hold_only_some_processors() {
    let machine = Machine {
        online: "0-3",
        packages: &[(0, "0-3")],
        nodes: &[(0, "0-1", GIB), (1, "", GIB), (2, "2-3", GIB)],
        caches: &[(3, 1 << 20, "0-1")],
        cores: &["0", "1"],
        ..Machine::default()
    };
    let machine = machine.tree().topology();
    assert_eq!(
        resolved("numa_domains", &machine),
        ("{0-1},{2-3}".into(), vec![]),
        "nodes without processors are no places"
    );
    let (places, warnings) = resolved("ll_caches", &machine);
    assert_eq!(
        places, "{0-1},{2},{3}",
        "the first-level caches of 2 and 3 are their last"
    );
    assert!(warnings.is_empty());
    let (places, warnings) = resolved("cores", &machine);
    assert_eq!(places, "{0},{1},{2},{3}");
    assert_eq!(
        warnings,
        ["the cores of the processors 2-3 are unknown; each is a place of its own"]
    );
}

#[test]
fn syntax_errors_name_the_position() {
    for (text, position, expected, found) in [
        ("", 1, "a place: `{` or a processor number", "the end"),
        (
            "core",
            1,
            "threads, cores, ll_caches, numa_domains, sockets or a list of places",
            "`core`",
        ),
        ("cores 4", 7, "`(` or the end", "`4`"),
        ("cores(", 7, "a positive number of places", "the end"),
        ("cores(0)", 7, "a positive number of places", "`0`"),
        ("cores(4", 8, "`:` or `)`", "the end"),
        ("cores(4:0)", 9, "a positive increment", "`0`"),
        ("cores(4:-2)", 9, "a positive increment", "`-`"),
        ("cores(4),", 9, "the end", "`,`"),
        ("{", 2, "a processor number or `!`", "the end"),
        ("{}", 2, "a processor number or `!`", "`}`"),
        ("{0,,2}", 4, "a processor number or `!`", "`,`"),
        ("{0", 3, "`,`, `:` or `}`", "the end"),
        ("{0-3}", 3, "`,`, `:` or `}`", "`-`"),
        ("{0:0}", 4, "a positive number of processors", "`0`"),
        ("{0:-1}", 4, "a positive number of processors", "`-`"),
        ("{0:2:}", 6, "an increment", "`}`"),
        ("{0}:", 5, "a positive number of places", "the end"),
        ("{0},", 5, "a place: `{` or a processor number", "the end"),
        ("{0} {1}", 5, "`,`, `:` or the end", "`{`"),
        (
            "!{0}:2",
            5,
            "`,` or the end: an exclusion takes no interval",
            "`:`",
        ),
        (
            "{!0:2}",
            4,
            "`,` or the end: an exclusion takes no interval",
            "`:`",
        ),
        ("-1", 1, "a place: `{` or a processor number", "`-`"),
        (
            "é",
            1,
            "threads, cores, ll_caches, numa_domains, sockets or a list of places",
            "`é`",
        ),
    ] {
        match text.parse::<PlacesSpec>().unwrap_err() {
            PlacesError::Syntax {
                text: whole,
                position: at,
                expected: wanted,
                found: there,
            } => {
                assert_eq!(
                    (whole.as_str(), at, wanted, there.as_str()),
                    (text, position, expected, found)
                );
            }
            error => panic!("{text}: {error}"),
        }
    }
}

#[test]
fn numbers_that_no_machine_has() {
    for (text, message) in [
        (
            "{0:99999999999}",
            "places `{0:99999999999}`, character 4: the number is above 65536, the most there can be",
        ),
        (
            "{65536}",
            "places `{65536}`, character 2: processor numbers end at 65535",
        ),
        (
            "99999999999999999999999999",
            "places `99999999999999999999999999`, character 1: processor numbers end at 65535",
        ),
        (
            "{0}:5:-1",
            "places `{0}:5:-1`, character 5: the interval's last place would have the processor -4",
        ),
        (
            "{0:4}:5:65536",
            "places `{0:4}:5:65536`, character 7: the interval's last place would have the processor 262147, and numbers end at 65535",
        ),
        (
            "{2:4:-1}",
            "places `{2:4:-1}`, character 4: the interval's last processor would have the processor -1",
        ),
        (
            "{0:2:99999999999999999999}",
            "places `{0:2:99999999999999999999}`, character 6: the increment is above 65536",
        ),
        (
            "0:60000,0:60000",
            "places `0:60000,0:60000`, character 11: more than 65536 places",
        ),
    ] {
        let error = text.parse::<PlacesSpec>().unwrap_err();
        assert!(matches!(error, PlacesError::Range { .. }));
        assert_eq!(error.to_string(), message);
    }
    let (places, _) = resolved("{0:60000}:3", &sixteen());
    assert_eq!(places, "{0-15},{1-15},{2-15}");
}

/// Texts that are nearly place lists.
fn texts() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("{".to_owned()),
        Just("}".into()),
        Just(",".into()),
        Just(":".into()),
        Just("!".into()),
        Just("-".into()),
        Just("(".into()),
        Just(")".into()),
        Just(" ".into()),
        Just("cores".into()),
        Just("threads".into()),
        (0..12_u32).prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
    ];
    prop_oneof![
        prop::collection::vec(token, 0..14).prop_map(|tokens| tokens.concat()),
        ".{0,20}"
    ]
}

/// Place lists, by the grammar.
fn lists() -> impl Strategy<Value = String> {
    let interval = |first: BoxedStrategy<String>| {
        let tail = prop_oneof![
            Just(String::new()),
            (1..5_u32).prop_map(|len| format!(":{len}")),
            (1..4_u32, -3..6_i32).prop_map(|(len, step)| format!(":{len}:{step}"))
        ];
        (first, tail).prop_map(|(first, tail)| first + &tail)
    };
    let number = (20..40_u32).prop_map(|number| number.to_string()).boxed();
    let excluded = number.clone().prop_map(|number| format!("!{number}"));
    let member = prop_oneof![4 => interval(number.clone()), 1 => excluded.clone()];
    let set = prop::collection::vec(member, 1..4)
        .prop_map(|members| format!("{{{}}}", members.join(",")));
    let item = prop_oneof![3 => interval(set.boxed()), 2 => interval(number), 1 => excluded];
    prop::collection::vec(item, 1..5).prop_map(|items| items.join(","))
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused(text in texts()) {
        match text.parse::<PlacesSpec>() {
            Ok(spec) => {
                prop_assert_eq!(&spec.to_string().parse::<PlacesSpec>().unwrap(), &spec);
                let _ = spec.resolve(&sixteen());
            }
            Err(error) => prop_assert!(error.to_string().starts_with("places `"), "{}", error),
        }
    }

    #[test]
    fn every_list_of_the_grammar_is_taken(text in lists()) {
        let spec = text.parse::<PlacesSpec>();
        prop_assert!(spec.is_ok(), "{:?}", spec);
        let spec = spec.unwrap();
        prop_assert_eq!(&spec.to_string().parse::<PlacesSpec>().unwrap(), &spec);
        let machine = sixteen();
        if let Ok(places) = spec.resolve(&machine) {
            prop_assert!(places.list().iter().all(|place| place.cpus().is_subset(machine.usable())));
        }
    }

    /// `{a:n:s}:m:t` is what the specification's formula says.
    #[test]
    fn intervals_follow_the_formula(a in 0..30_usize, n in 1..5_usize, s in 0..4_usize, m in 1..5_usize, t in 0..9_usize) {
        static MACHINE: LazyLock<Topology> = LazyLock::new(|| processors("0-99"));
        let places = spec(&format!("{{{a}:{n}:{s}}}:{m}:{t}")).resolve(&MACHINE).unwrap();
        let expected: Vec<CpuSet> =
            (0..m).map(|place| (0..n).map(|cpu| a + cpu * s + place * t).collect()).collect();
        prop_assert_eq!(places.list().iter().map(|place| place.cpus().clone()).collect::<Vec<_>>(), expected);
    }
}
