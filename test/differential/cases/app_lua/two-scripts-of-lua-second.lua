function shared2() return shared() .. " second" end
