//! How far each vertex of a graph is from one of them: a breadth-first search whose levels are worked off by tasks.
//! The graph is a text file with an edge a line.
//!
//! `cargo run --release --example breadth_first -- FILE`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, Random, compare, read, refuse, start_team};
use phalanx::prelude::*;
use std::path::{Path, PathBuf};
use std::time::Instant;

const HELP: &str = "\
Breadth-first search in a graph by tasks, and once more by one thread, compared.

    cargo run --release --example breadth_first -- [FILE] [OPTIONS]

    FILE            lines `u v`: an edge between two vertices, any numbers below 2^64; what follows on the
                    line is not looked at; `#` begins a comment (default: examples/data/knight.edges)
    --generate N    instead: a graph of N vertices, with 8 edges each to near ones, far ones, popular ones
    --save FILE     writes the edges of the graph
    --directed      an edge leads from u to v only
    --from V        where the search begins (default: the smallest number)";

type Edge = (u64, u64);

fn parse(path: &Path) -> Vec<Edge> {
    let text = read(path);
    let mut edges = Vec::new();
    for (i, line) in text.split(|b| *b == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split('#').next().unwrap_or("").split_whitespace();
        let Some(first) = words.next() else { continue };
        let vertex = |word: &str| word.parse::<u64>().ok();
        match (vertex(first), words.next().and_then(vertex)) {
            (Some(u), Some(v)) => edges.push((u, v)),
            _ => refuse(format!(
                "{}, line {}: `{}` is not a pair of numbers `u v`",
                path.display(),
                i + 1,
                line.trim()
            )),
        }
    }
    edges
}

fn generate(n: u64) -> Vec<Edge> {
    let mut random = Random(n);
    let mut edge = |u: u64, k: u64| {
        let v = match k {
            0..4 => u + 1 + random.next() % 100,
            4..6 => random.next(),
            // Small numbers are more popular.
            _ => (n as f64 * random.unit().powi(4)) as u64,
        };
        (u, v % n)
    };
    (0..n * 8).map(|i| edge(i / 8, i % 8)).collect()
}

/// For each vertex its neighbours, one vertex after the other.
struct Graph {
    /// The vertices' numbers in the file, ascending. Everywhere else a vertex is its place here.
    names: Vec<u64>,
    starts: Vec<usize>,
    neighbours: Vec<u32>,
}

impl Graph {
    fn new(edges: &[Edge], directed: bool) -> Graph {
        let mut names: Vec<u64> = edges.iter().flat_map(|&(u, v)| [u, v]).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() >= FAR as usize {
            refuse("more than 2^32 - 2 vertices");
        }
        let places = parallel_map(Static, edges, |(u, v)| {
            [u, v].map(|name| names.partition_point(|n| n < name) as u32)
        });
        let arcs = || {
            places
                .iter()
                .flat_map(|&[u, v]| [(u, v), (v, u)])
                .step_by(1 + usize::from(directed))
        };
        let mut starts = vec![0; names.len() + 1];
        for (u, _) in arcs() {
            starts[u as usize + 1] += 1;
        }
        for u in 0..names.len() {
            starts[u + 1] += starts[u];
        }
        let mut next = starts.clone();
        let mut neighbours = vec![0; starts[names.len()]];
        for (u, v) in arcs() {
            neighbours[next[u as usize]] = v;
            next[u as usize] += 1;
        }
        Graph {
            names,
            starts,
            neighbours,
        }
    }

    fn neighbours(&self, u: u32) -> &[u32] {
        let u = u as usize;
        &self.neighbours[self.starts[u]..self.starts[u + 1]]
    }
}

/// The distance of what has not been reached.
const FAR: u32 = u32::MAX;

fn sequential(graph: &Graph, from: u32) -> Vec<u32> {
    let mut distance = vec![FAR; graph.names.len()];
    distance[from as usize] = 0;
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(u) = queue.pop_front() {
        for &v in graph.neighbours(u) {
            if distance[v as usize] == FAR {
                distance[v as usize] = distance[u as usize] + 1;
                queue.push_back(v);
            }
        }
    }
    distance
}

/// A group a level: each task looks at some vertices of the level, and collects those of the next that it was the
/// first to reach.
fn by_levels(tg: &Task<'_>, graph: &Graph, from: u32) -> Vec<u32> {
    let mut distance = vec![FAR; graph.names.len()];
    distance[from as usize] = 0;
    let shared = Atomic::from_mut_slice(&mut distance);
    let mut level = vec![from];
    for depth in 1.. {
        let pieces = level.chunks(256);
        let mut found = vec![Vec::new(); pieces.len()];
        tg.group(|tg| {
            for (piece, found) in pieces.zip(&mut found) {
                tg.task(move |_| {
                    for &v in piece.iter().flat_map(|&u| graph.neighbours(u)) {
                        let seen = &shared[v as usize];
                        if seen.load() == FAR && seen.compare_exchange(FAR, depth).is_ok() {
                            found.push(v);
                        }
                    }
                });
            }
        });
        level = found.concat();
        if level.is_empty() {
            break;
        }
    }
    distance
}

fn main() {
    let mut arguments = Arguments::new(HELP);
    let vertices = arguments.number("--generate", 1..=10_000_000);
    let save = arguments.path("--save");
    let directed = arguments.flag("--directed");
    let from = arguments.number("--from", 0..=u64::MAX);
    let file = arguments.next("FILE").map(PathBuf::from);
    arguments.end();

    let sample = || concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/knight.edges").into();
    let edges = match (vertices, file) {
        (None, file) => parse(&file.unwrap_or_else(sample)),
        (Some(n), None) => generate(n),
        _ => refuse("--generate makes a graph, FILE reads one: which?"),
    };
    if let Some(path) = save {
        let lines: String = edges.iter().map(|(u, v)| format!("{u} {v}\n")).collect();
        if let Err(e) = std::fs::write(&path, lines) {
            refuse(format!("--save {}: {e}", path.display()));
        }
    }
    let graph = Graph::new(&edges, directed);
    let Some(&smallest) = graph.names.first() else {
        refuse("the file has no edges")
    };
    let from = from.unwrap_or(smallest);
    let Ok(start_at) = graph.names.binary_search(&from) else {
        refuse(format!("--from {from}: no edge names that vertex"))
    };

    let start = Instant::now();
    let expected = sequential(&graph, start_at as u32);
    let alone = start.elapsed();
    start_team();
    let start = Instant::now();
    let distance = taskgroup(|tg| by_levels(tg, &graph, start_at as u32));
    let together = start.elapsed();

    let reached = || distance.iter().filter(|d| **d != FAR);
    println!(
        "{} edges; of {} vertices {} can be reached from {from}, in at most {} steps",
        edges.len(),
        graph.names.len(),
        reached().count(),
        reached().max().unwrap_or(&0)
    );
    compare(alone, together);
    assert_eq!(distance, expected, "one thread finds other distances");
    println!("verified: the same distances as by one thread");
}
