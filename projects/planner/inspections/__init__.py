"""The calendar of visits and due days, and the page of what lacks evidence. Each number opens its sites."""
