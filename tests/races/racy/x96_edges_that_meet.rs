//! Y-indirect-overlap: two edges of a mesh meet in a node.
//! panics: iterations 1 and 2 would both own element (or row) 3
// twin: free/x95_coloured_edges

use phalanx::prelude::*;

#[omp]
fn run(nodes: &mut [f64], edges: &[(usize, usize)]) {
    let owners = Owners::new(nodes.len(), edges.len(), |e| [edges[e].0, edges[e].1]);
    let owners = owners.unwrap_or_else(|e| panic!("{e}"));
    #[parallel_for]
    for (mut nodes, edge) in (nodes.owned(&owners), edges) {
        let (a, b) = *edge;
        let flow = 0.25 * (nodes[a] - nodes[b]);
        nodes[a] -= flow;
        nodes[b] += flow;
    }
}

fn main() {
    run(&mut [1.0; 10], &[(0, 1), (2, 3), (3, 4)]);
}
