"""What must change after the user's last edits: one module per question, put together by `roles/next_edits`."""
