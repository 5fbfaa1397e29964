//! Leads as text for people: terminal summary and Markdown, Chinese and English.
