//! X-owner-table: the edges of a mesh, colour by colour; no two of one colour meet in a node.

use crate::team::Team;
use phalanx::OwnersError;
use phalanx::prelude::*;

type Edge = (usize, usize);

/// The flow along each edge leaves one node and reaches the other. The tables are made once.
#[omp]
fn parallel(team: &Team, nodes: &mut [f64], colours: &[Vec<Edge>]) -> Result<(), OwnersError> {
    let table = |c: &Vec<Edge>| Owners::new(nodes.len(), c.len(), |e| [c[e].0, c[e].1]);
    let tables = colours.iter().map(table).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..3 {
        for (edges, table) in colours.iter().zip(&tables) {
            #[parallel_for(schedule(runtime), num_threads(team.threads))]
            for (mut nodes, edge) in (nodes.owned(table), edges) {
                let (a, b) = *edge;
                let flow = 0.25 * (nodes[a] - nodes[b]);
                nodes[a] -= flow;
                nodes[b] += flow;
            }
        }
    }
    Ok(())
}

pub fn run(team: &Team) {
    // A ring of an even number of nodes, and its long chords.
    for n in [4, 10, 600] {
        let ring = |from: usize| (from..n).step_by(2).map(|i| (i, (i + 1) % n)).collect();
        let chords: Vec<Edge> = (0..n / 2).map(|i| (i + n / 2, i)).collect();
        let colours: Vec<Vec<Edge>> = vec![ring(0), chords, ring(1)];
        let mut nodes: Vec<f64> = (0..n).map(|i| (i * i % 23) as f64).collect();
        let mut want = nodes.clone();
        for _ in 0..3 {
            for &(a, b) in colours.iter().flatten() {
                let flow = 0.25 * (want[a] - want[b]);
                want[a] -= flow;
                want[b] += flow;
            }
        }
        parallel(team, &mut nodes, &colours).unwrap();
        assert_eq!(nodes, want);
    }
}
