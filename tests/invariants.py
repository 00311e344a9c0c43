async def check(world): return []
