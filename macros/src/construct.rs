//! Which constructs there are, and which clauses each of them takes.

/// Constructs that OpenMP has and this release has not.
pub const LATER: [&str; 3] = ["scan", "target", "teams"];

/// Constructs that stand on loops and blocks.
pub const HERE: [&str; 17] = [
    "parallel_for",
    "parallel",
    "parallel_sections",
    "for_each",
    "simd",
    "ordered",
    "sections",
    "section",
    "single",
    "masked",
    "critical",
    "nowait",
    "barrier",
    "taskgroup",
    "task",
    "taskloop",
    "taskwait",
];

/// What to write for a construct that has another name here, or is no attribute.
pub fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "omp" => {
            "`#[omp]` marks the function; its loops take `#[parallel_for(..)]`, its blocks `#[parallel(..)]`, with clauses \
             separated by commas"
        }
        "for" | "r#for" | "do" | "distribute" | "workshare" => {
            "the loop of a region is marked `#[for_each(..)]`, one with a team of its own `#[parallel_for(..)]`"
        }
        "for_simd" => "write `#[for_each(simd)]`",
        "parallel_for_simd" => "write `#[parallel_for(simd)]`",
        "parallel_do" => "write `#[parallel_for(..)]`",
        "master" => "`#[masked]` is what it is called since OpenMP 5.1",
        "atomic" => {
            "a number that many threads update is an `Atomic<T>`: `let n = Atomic::new(0);`, then `n.add(1)`; sums are \
             faster as `reduction(+: n)`"
        }
        "flush" => {
            "barriers, locks, `Event` and `Handoff` order what threads write; an `Atomic` alone orders nothing"
        }
        "threadprivate" => "write `threadprivate! { static SEED: u64 = 1; }` outside of functions",
        _ => return None,
    })
}

/// The name of a construct that is most like `text`, if one is.
pub fn nearest_construct(text: &str) -> Option<&'static str> {
    let all = HERE.iter().chain(&LATER).copied();
    let best = all.min_by_key(|n| distance(text, n))?;
    (distance(text, best) <= 1 + text.len() / 5).then_some(best)
}

/// The clauses of a construct.
pub fn clauses(construct: &str) -> &'static [&'static str] {
    match construct {
        "parallel_for" => &[
            "schedule",
            "reduction",
            "disjoint",
            "private",
            "firstprivate",
            "lastprivate",
            "linear",
            "collapse",
            "simd",
            "ordered",
            "writes",
            "num_threads",
            "proc_bind",
            "if",
        ],
        "parallel" => &[
            "shared",
            "private",
            "firstprivate",
            "reduction",
            "copyin",
            "num_threads",
            "proc_bind",
            "if",
        ],
        "parallel_sections" => &[
            "shared",
            "private",
            "firstprivate",
            "lastprivate",
            "reduction",
            "copyin",
            "num_threads",
            "proc_bind",
            "if",
        ],
        "for_each" => &[
            "schedule",
            "reads",
            "disjoint",
            "reduction",
            "private",
            "firstprivate",
            "lastprivate",
            "linear",
            "collapse",
            "simd",
            "ordered",
            "writes",
            "nowait",
        ],
        "simd" => &[
            "disjoint",
            "reduction",
            "private",
            "lastprivate",
            "linear",
            "collapse",
        ],
        "sections" => &[
            "private",
            "firstprivate",
            "lastprivate",
            "reduction",
            "nowait",
        ],
        "single" => &[
            "reads",
            "writes",
            "private",
            "firstprivate",
            "copyprivate",
            "nowait",
        ],
        "masked" => &["reads", "writes", "filter"],
        "section" => &["reads", "writes"],
        "taskgroup" => &["task_reduction", "handle"],
        "taskloop" => &[
            "grainsize",
            "num_tasks",
            "strict",
            "reduction",
            "disjoint",
            "private",
            "firstprivate",
            "lastprivate",
            "linear",
            "collapse",
            "nogroup",
            "if",
            "final",
            "priority",
            "untied",
            "mergeable",
            "handle",
        ],
        "taskwait" => &["depend"],
        "task" => &[
            "depend",
            "if",
            "final",
            "priority",
            "private",
            "firstprivate",
            "shared",
            "in_reduction",
            "detach",
            "untied",
            "mergeable",
            "affinity",
        ],
        _ => &[],
    }
}

/// How a clause is written.
pub fn form(clause: &str) -> &'static str {
    match clause {
        "schedule" => "schedule(dynamic, 16)",
        "reduction" => "reduction(+: sum)",
        "disjoint" => "disjoint(y)",
        "private" => "private(t)",
        "firstprivate" => "firstprivate(t)",
        "lastprivate" => "lastprivate(t)",
        "copyprivate" => "copyprivate(x)",
        "copyin" => "copyin(SEED)",
        "linear" => "linear(j: 2)",
        "filter" => "filter(1)",
        "shared" => "shared(a, b)",
        "reads" => "reads(a)",
        "writes" => "writes(a)",
        "collapse" => "collapse(2)",
        "num_threads" => "num_threads(4)",
        "proc_bind" => "proc_bind(spread)",
        "task_reduction" => "task_reduction(+: sum)",
        "in_reduction" => "in_reduction(+: sum)",
        "detach" => "detach(event)",
        "depend" => "depend(in: a)",
        "handle" => "handle(tg)",
        "grainsize" => "grainsize(64)",
        "num_tasks" => "num_tasks(100)",
        "final" => "final(depth > 8)",
        "priority" => "priority(1)",
        "affinity" => "affinity(a)",
        _ => "if(n > 1000)",
    }
}

/// Clauses that stand without an argument.
pub fn is_flag(clause: &str) -> bool {
    [
        "nowait",
        "ordered",
        "simd",
        "untied",
        "mergeable",
        "strict",
        "nogroup",
    ]
    .contains(&clause)
}

/// Clauses that may stand once.
pub fn is_single(clause: &str) -> bool {
    [
        "schedule",
        "collapse",
        "num_threads",
        "proc_bind",
        "if",
        "filter",
        "handle",
        "detach",
        "final",
        "priority",
        "grainsize",
        "num_tasks",
    ]
    .contains(&clause)
        || is_flag(clause)
}

/// Why a construct does not have a clause that OpenMP gives it.
pub fn why_not(construct: &str, clause: &str) -> Option<&'static str> {
    Some(match (construct, clause) {
        (_, "safelen") => {
            "`safelen` does nothing here: whatever depends on an earlier iteration stays in order by itself"
        }
        (_, "simdlen") => {
            "`simdlen` does nothing here: a reduced float has eight lanes, and for the rest the compiler knows how wide \
             the machine's registers are"
        }
        (_, "aligned") => {
            "`aligned` does nothing here: machines of today load what is not aligned at the same speed; `NumaVec` and \
             grids begin at a page or a cache line"
        }
        (_, "nontemporal") => "`nontemporal` does nothing here: stable Rust has no such stores",
        (_, "default") => {
            "`default` is not needed: what threads only read is shared, and what they write needs a clause of its own"
        }
        ("parallel_for", "nowait") => {
            "`nowait` has no meaning on a combined loop: its threads meet at its end in any case; put several loops \
             marked `#[for_each(nowait)]` into one block marked `#[parallel]`"
        }
        ("parallel_for" | "for_each" | "simd", "shared") => {
            "a loop takes no `shared`: what it only reads needs no clause, and what it writes goes by own element into \
             `disjoint(..)`"
        }
        ("parallel_for", "reads") => {
            "a combined loop takes no `reads`: what it only reads needs no clause"
        }
        ("for_each", "num_threads" | "proc_bind" | "if") => {
            "the team is chosen where it begins: give this clause to `#[parallel(..)]`"
        }
        ("single" | "masked" | "section", "disjoint") => {
            "here one thread has the whole array: write `writes(..)`"
        }
        ("masked" | "sections" | "section", "copyprivate") => {
            "`copyprivate` goes with `single`; the value of a `masked` block reaches every thread as the block's own \
             value: `let x = #[masked] { .. };`"
        }
        ("taskloop", "schedule") => {
            "the tasks of a loop are run by whoever has time: `grainsize(n)` says how many iterations one has"
        }
        ("taskloop", "nowait") => {
            "a loop in tasks whose end waits for nothing has the clause `nogroup`: the group around waits for it"
        }
        ("taskloop", "num_threads" | "proc_bind") => {
            "the tasks run in the team that is there: give this clause to `#[parallel(..)]`"
        }
        ("taskloop", "shared") => {
            "a loop takes no `shared`: what it only reads needs no clause, and what it writes goes by own element into \
             `disjoint(..)`"
        }
        ("masked", "nowait") => {
            "`masked` needs no `nowait` where it uses no shared array: write `if thread_num() == 0 { .. }`"
        }
        ("parallel", "schedule") => {
            "a region has no iterations to share out: give `schedule` to the `#[for_each(..)]` loops in it"
        }
        ("parallel", "lastprivate") => {
            "a region has no last iteration: give `lastprivate` to a `#[for_each(..)]` loop in it"
        }
        ("simd", "firstprivate") => {
            "a `simd` loop runs on one thread: a copy made before the loop is the same"
        }
        ("simd", "schedule" | "num_threads") => {
            "a `simd` loop runs on one thread: to share its iterations out, mark it `#[parallel_for(simd)]`"
        }
        _ => return None,
    })
}

/// The clause of a construct whose name is most like `text`, if one is.
pub fn nearest(text: &str, construct: &str) -> Option<&'static str> {
    let best = clauses(construct)
        .iter()
        .copied()
        .min_by_key(|n| distance(text, n))?;
    (distance(text, best) <= 1 + text.len() / 4).then_some(best)
}

/// Edits from one word to another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
