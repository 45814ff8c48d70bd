"""What we say: edition, recommendations, votes, tools, pathways, glossary, and what an edition stated."""
